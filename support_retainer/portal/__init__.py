"""The portal: what a customer's people may see and do. The pages under www/support stand on it."""

from support_retainer.portal.access import (
	Visitor,
	check_customer,
	current_customer,
	customers_of,
	is_staff,
	viewing_as,
	visitor,
)

__all__ = [
	"Visitor",
	"check_customer",
	"current_customer",
	"customers_of",
	"is_staff",
	"viewing_as",
	"visitor",
]
