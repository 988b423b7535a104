"""The ledger as CSV: no text in it is a formula, and figures stay figures."""

import csv
import io
from datetime import datetime

import frappe
import pytest

from support_retainer.portal.ledger_shown import as_csv, plain

pytestmark = pytest.mark.security


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_a_formula_is_marked_as_text(text):
	assert plain(text) == f"'{text}"


def test_other_text_stays_as_it_is():
	assert plain("Worked 0:50 = 1:00") == "Worked 0:50 = 1:00"
	assert plain(None) == ""


def test_a_row_says_time_exactly_and_money_plainly():
	row = frappe._dict(
		occurred_on=datetime(2026, 11, 2, 9),
		entry_type="Draw",
		seconds=-3600,
		drawn=3600,
		worked=3000,
		amount=375,
	)
	row.derivation = "=HYPERLINK(1)\nmore"
	_head, line = csv.reader(io.StringIO(as_csv([row])))
	assert line[0] == "2026-11-02 09:00"
	assert line[5:8] == ["-1:00:00", "0:50:00", "0:00:00"]
	assert line[10] == "375.00"
	assert line[14] == "'=HYPERLINK(1) / more"
