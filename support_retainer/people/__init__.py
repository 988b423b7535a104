"""People: who acts for which customer, who works at the agency, whom a customer's mail goes to. At the bottom; used by all."""

from support_retainer.people.acting import customers_of, is_staff, known_customers, staff_among
from support_retainer.people.contacts import contacts_of
from support_retainer.people.managers import managers, tell_managers

__all__ = [
	"contacts_of",
	"customers_of",
	"is_staff",
	"known_customers",
	"managers",
	"staff_among",
	"tell_managers",
]
