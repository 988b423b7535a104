"""The chart of accounts of a new company: what invoices need, named as in ERPNext's standard chart."""

from typing import NamedTuple


class Ledger(NamedTuple):
	title: str
	account_type: str = ""
	company_field: str | None = None


ROOTS = (
	(
		"Asset",
		"Application of Funds (Assets)",
		{
			"Accounts Receivable": [Ledger("Debtors", "Receivable", "default_receivable_account")],
			"Bank Accounts": [],
			"Cash In Hand": [Ledger("Cash", "Cash", "default_cash_account")],
		},
	),
	(
		"Liability",
		"Source of Funds (Liabilities)",
		{
			"Accounts Payable": [Ledger("Creditors", "Payable", "default_payable_account")],
			"Duties and Taxes": [],
		},
	),
	(
		"Income",
		"Income",
		{
			"Direct Income": [
				Ledger("Sales", "Income Account", "default_income_account"),
				Ledger("Service", "Income Account"),
			],
			"Indirect Income": [],
		},
	),
	(
		"Expense",
		"Expenses",
		{
			"Direct Expenses": [
				Ledger("Cost of Goods Sold", "Cost of Goods Sold", "default_expense_account")
			],
			"Indirect Expenses": [
				Ledger("Exchange Gain/Loss", "", "exchange_gain_loss_account"),
				Ledger("Round Off", "Round Off", "round_off_account"),
				Ledger("Write Off", "", "write_off_account"),
			],
		},
	),
	("Equity", "Equity", {}),
)


class Tax(NamedTuple):
	title: str
	description: str
	account_number: str
	account_name: str
	rate: float  # per cent


# Templates for sales by country, as ERPNext makes them: none is the default.
TAXES = {
	"Sweden": (
		Tax("Försäljning Moms 25%", "Moms 25%", "2610", "Utgående moms, 25 %", 25.0),
		Tax("Försäljning Moms 12%", "Moms 12%", "2620", "Utgående moms, 12 %", 12.0),
		Tax("Försäljning Moms 6%", "Moms 6%", "2630", "Utgående moms, 6 %", 6.0),
	)
}
