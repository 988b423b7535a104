"""Make the package its own Frappe module.

Frappe finds a module's folder as `dirname(import app.module)`. The app and its only module have the same name, so this file
stands for `support_retainer.support_retainer` and points back at the package: `doctype/`, `report/` and the rest live one level
up, beside the rooms. Classes must be imported by the path Frappe uses (`support_retainer.support_retainer.doctype…`);
`support_retainer.doctype` refuses to be imported, or every class would exist twice.
"""

from os.path import dirname

__path__ = [dirname(__file__)]
