"""What a request may ask: what each argument of a whitelisted method is, who may, and how often. At the bottom; used by all."""

from support_retainer.requests import kinds
from support_retainer.requests.arguments import WrongArgument, checked
from support_retainer.requests.documents import check_values, moment_of
from support_retainer.requests.limits import limit, limited
from support_retainer.requests.pages import page, wants_page
from support_retainer.requests.rights import check_right, check_role_right, has_right, has_role_right
from support_retainer.requests.slots import slot

__all__ = [
	"WrongArgument",
	"check_right",
	"check_role_right",
	"check_values",
	"checked",
	"has_right",
	"has_role_right",
	"kinds",
	"limit",
	"limited",
	"moment_of",
	"page",
	"slot",
	"wants_page",
]
