"""Paper: statements and specifications for customers, and the mails that carry them. This room writes nothing but its own log."""

from support_retainer.paper.attaching import on_mail_queued
from support_retainer.paper.making import BeingMade, pdf, standing_alone
from support_retainer.paper.notices import begin, tell_due, tell_soon
from support_retainer.paper.personal_data import on_deletion_request_change
from support_retainer.paper.printing import (
	invoice_specification,
	paper_words,
	period_statement,
	show_templates,
)
from support_retainer.paper.sending import download_pdf, send
from support_retainer.paper.specification import specification
from support_retainer.paper.statement import shown_entries, statement
from support_retainer.paper.tables import sees_money

__all__ = [
	"BeingMade",
	"begin",
	"download_pdf",
	"invoice_specification",
	"on_deletion_request_change",
	"on_mail_queued",
	"paper_words",
	"pdf",
	"period_statement",
	"sees_money",
	"send",
	"show_templates",
	"shown_entries",
	"specification",
	"standing_alone",
	"statement",
	"tell_due",
	"tell_soon",
]
