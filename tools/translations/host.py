"""Words that Frappe and ERPNext translate themselves.

A plain translation of ours would change them on every screen of the site, also for customers without a retainer. So they are left
to the host, and on our own forms they have a translation for that form alone (the desk asks for a label with its DocType as
context). A word that the host translates wrongly for us is better renamed, or left out here and translated everywhere.

The embedded site has no Swedish host; `embedded/erpnext_standin/erpnext/locale/sv.po` has these words there.
"""

WEEKDAYS = "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"
DESK = (
	"Active, Advanced, Amount, Assignment, Balance, Cancel, Close, Closed, Component, Connections, Currency, Date, Description,"
	"Details, Disabled, Draft, Email, Enabled, End Date, Expired, From, From Date, Hours, Key, Line, Message, Month, Monthly, Name, No,"
	"None, Normal, Note, Open, Origin, Paused, Pending, Period, Price, Priority, Quarter, Queued, Reason, Registered, Rule Name, Save,"
	"Series, Source, Start Date, Status, Subject, Submit, Submitted, Target, Time, Title, To, To Date, Total, Type, User, View, Week,"
	"Weekday, Year, Yes, {} Active, {} Open"
)
ERPNEXT = (
	"Activity Type, Billed, Billing Status, Budget, Company, Contact, Cost Center, Customer, Customer Name, Employee, Fee,"
	"Holiday List, Invoice, Invoices, Invoicing, Issue, Item, Ledger, Project, Quotation, Rate, Reversal Of, Sales Invoice, Subscription,"
	"Support, Timesheet, Timesheets, Valid From"
)
WORDS = frozenset(word.strip() for words in (WEEKDAYS, DESK, ERPNEXT) for word in words.split(","))
