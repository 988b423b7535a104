"""Contracts: what a retainer, its rules and the settings must be before they are saved, and the calendars they speak of."""

from support_retainer.contracts.api import change_terms, end_retainer, mark_ended
from support_retainer.contracts.calendars import check_special_days, clock_calendar, office_calendar
from support_retainer.contracts.currency import minor_unit
from support_retainer.contracts.holidays import fill_swedish_holidays, holiday_list_warning
from support_retainer.contracts.ledger import refuse_to_delete_used, refuse_unless_from_room
from support_retainer.contracts.merging import before_customer_rename
from support_retainer.contracts.retainer import fill_in_terms, validate_retainer
from support_retainer.contracts.retainer_settings import (
	longest_entry,
	missing_settings,
	pausing_statuses,
	require_settings,
	settings,
	validate_settings,
)
from support_retainer.contracts.rules import as_rule, hours_to_seconds, validate_rule
from support_retainer.contracts.versions import record_terms, terms_on, terms_versions

__all__ = [
	"as_rule",
	"before_customer_rename",
	"change_terms",
	"check_special_days",
	"clock_calendar",
	"end_retainer",
	"fill_in_terms",
	"fill_swedish_holidays",
	"holiday_list_warning",
	"hours_to_seconds",
	"longest_entry",
	"mark_ended",
	"minor_unit",
	"missing_settings",
	"office_calendar",
	"pausing_statuses",
	"record_terms",
	"refuse_to_delete_used",
	"refuse_unless_from_room",
	"require_settings",
	"settings",
	"terms_on",
	"terms_versions",
	"validate_retainer",
	"validate_rule",
	"validate_settings",
]
