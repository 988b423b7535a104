"""Every text of the app is in the catalogue and has a Swedish translation with the same placeholders.

When this fails after a change or a merge: `make translations` brings `locale/main.pot` and `locale/sv.po` in line with the code and
lists what is left to translate. No site is needed.
"""

from __future__ import annotations

import ast

import pytest

from tools.translations import catalogs, check, host, messages, python, scripts
from tools.translations.messages import Message, Problem
from tools.translations.places import ROOT

STAND_IN = ROOT / "embedded/erpnext_standin/erpnext/locale/sv.po"


@pytest.fixture(scope="module")
def report():
	return check()


def test_every_text_can_be_translated(report):
	assert not report.problems, "\n".join(map(str, report.problems))


def test_the_catalogue_is_up_to_date(report):
	assert not report.not_in_pot, f"run make translations; main.pot lacks {report.not_in_pot}"
	assert not report.only_in_pot, f"run make translations; nobody says {report.only_in_pot} any more"


def test_every_text_has_a_swedish_translation(report):
	missing = [text for text, _ in report.missing.get("sv", [])]
	assert not missing, f"run make translations, then translate in sv.po: {missing}"


def test_placeholders_are_kept(report):
	wrong = [text for text, _ in report.placeholders.get("sv", [])]
	assert not wrong, f"sv.po has other placeholders in the translations of {wrong}"


def test_words_of_the_host_are_left_to_the_host():
	ours = catalogs.translations("sv")
	assert not [text for text, context in ours if not context and text in host.WORDS]


def test_the_stand_in_has_the_hosts_words():
	there = {message.id for message in catalogs.read(STAND_IN) if message.string}
	assert there >= host.WORDS


def test_the_catalogue_has_the_kinds_of_text_there_are():
	found, _ = messages()
	texts = {message.text for message in found}
	assert texts >= {
		"Enter an hourly rate above zero.",  # Python
		"Start work",  # JavaScript
		"Two time entries have the same key. Give each its own.",  # a core error
		"Timebank Period",  # a DocType
		"Empty: as in the settings.",  # a description
		"Draw From Next Period",  # an option
		"Assigned By (Limit)",  # a field on ERPNext's form
		"Breached",  # an option there
		"Agreements",  # the workspace
		"{} held",  # a count there
		"Urgent, out of hours",  # a standard record
		"Retainer Manager",  # a role
	}


def test_a_missing_and_a_damaged_translation_are_told():
	wanted = {("Row {0}: {1}", ""), ("Ticket", "Issue"), ("Work", "")}
	report = catalogs.Report()
	catalogs._compare(report, "sv", wanted, {("Row {0}: {1}", ""): "Rad {0}", ("Work", ""): " "})
	assert report.missing == {"sv": [("Ticket", "Issue"), ("Work", "")]}
	assert report.placeholders == {"sv": [("Row {0}: {1}", "")]}
	assert "sv.po lacks: 'Ticket' (context Issue)" in report.lines()


def in_python(code: str) -> list[Message | Problem]:
	return list(python._marked(ast.parse(code), "x.py"))


def test_python_texts():
	assert in_python('_("One " "text")') == [Message("One text", None, "x.py")]
	assert in_python('frappe._("Post", context="Invoice")') == [Message("Post", "Invoice", "x.py")]
	assert in_python("_(doc.status)") == []
	assert in_python("frappe.throw(problem)") == []


@pytest.mark.parametrize(
	"code", ['_(f"Row {0}")', '_("Row {0}".format(1))', '_("Row " + name)', 'frappe.throw("Not marked")']
)
def test_python_texts_no_translation_would_reach(code):
	(found,) = in_python(code)
	assert isinstance(found, Problem)


@pytest.mark.parametrize(
	("code", "text", "context"),
	[
		('__("{0} by {1}", [label, when(done)])', "{0} by {1}", None),
		("__('It\\'s late', null, \"Issue\")", "It's late", "Issue"),
		('__("{0} left", [f(a, ["x"]), b], "Timebank")', "{0} left", "Timebank"),
		('`<b>${__("Held")}</b>`', "Held", None),
		('__("One " +\n\t"text")', "One text", None),
	],
)
def test_script_texts(code, text, context):
	assert list(scripts.marked(code, "x.js", scripts.IN_SCRIPT)) == [Message(text, context, "x.js")]


def test_template_texts():
	code = '<h1>{{ _("Your tickets") }}</h1>{{ _("Open", context="Ticket") }}<script>__("Saved")</script>'
	assert [(each.text, each.context) for each in scripts.marked(code, "x.html")] == [
		("Your tickets", None),
		("Open", "Ticket"),
		("Saved", None),
	]


@pytest.mark.parametrize("code", ["__(`${count} left`)", '__("Row " + row)', '_("Row " ~ row)'])
def test_script_texts_no_translation_would_reach(code):
	(found,) = scripts.marked(code, "x.js")
	assert isinstance(found, Problem)


def test_a_bare_text_in_a_script_is_told():
	assert (
		len(list(scripts._bare('frm.add_custom_button("Start work", go); ({ label: "Hours" })', "x.js"))) == 2
	)
	assert not list(
		scripts._bare('frm.add_custom_button(__("Start work")); ({ label: __("Hours") })', "x.js")
	)
