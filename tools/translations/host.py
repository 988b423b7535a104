"""Words that Frappe and ERPNext translate themselves.

A plain translation of ours would change them on every screen of the site, also for customers without a retainer. So they are left
to the host, and on our own forms they have a translation for that form alone (the desk asks for a label with its DocType as
context). A word that the host translates wrongly for us is better renamed, or left out here and translated everywhere.

The embedded site has no Swedish host; `embedded/erpnext_standin/erpnext/locale/sv.po` has these words there.
"""

WEEKDAYS = "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"
DESK = (
	"About, Actions, Active, Add, Advanced, All, Amount, Approved, Assignment, Attachments, Balance, Cancel, Category,"
	"Close, Closed, Component, Connections, Contacts, Could not find {0}, Create, Currency, Date, Description, Desk, Details, Disabled,"
	"Document, Document Type, Draft, Email, Enabled, End Date, Expired, From, From Date, Hours, IP Address, In Progress,"
	"Key, Language, Line, Message, Month, Monthly, My Account, Name, No, None, Normal, Not permitted, Note, Open, Origin, Overview,"
	"Paused, Pending, Period, Portal, Price, Priority, Quarter, Queued, Reason, Registered, Reports, Row, Rule Name, Save,"
	"Search, Series, Show, Source, Start Date, Status, Subject, Submit, Submitted, Target, Text, Time, Title, To, To Date,"
	"Total, Type, User, View, Week, Weekday, Year, Yes, now, time, {0} of {1}, {0} to {1}, {0}: {1}, {} Active, {} Open"
)
ERPNEXT = (
	"Activity Type, Age (Days), Available, Billed, Billing, Billing Status, Budget, Company, Contact, Cost Center,"
	"Customer, Customer Name, Employee, Fee, Holiday List, Invoice, Invoices, Invoicing, Issue, Item, Ledger, Margin,"
	"Orders, Project, Question, Quotation, Rate, Reserved, Resume, Revenue, Reversal Of, Sales Invoice, Subscription,"
	"Support, Threshold, Timesheet, Timesheets, Valid From"
)
WORDS = frozenset(word.strip() for words in (WEEKDAYS, DESK, ERPNEXT) for word in words.split(","))
