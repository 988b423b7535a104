"""The story from the customer's side, in a browser: what is left, what it costs, what comes first, and what is approved."""

import io
import re

import pypdf
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_contact_logs_in_and_sees_what_is_left(customers, browser):
	page = browser.new_page(base_url=customers["url"])
	page.goto("/login?redirect-to=/support")
	page.fill("#login_email", customers["anna"])
	page.fill("#login_password", customers["password"])
	page.click(".form-login .btn-login")
	page.wait_for_url(re.compile(r"/support"))
	# 50 min start 4 quarters = 1:00, 25 % of it is 0:15, and 10:00 - 1:15 = 8:45
	bank = page.get_by_role("region", name="Time bank")
	expect(bank).to_contain_text("8:45\u00a0h left")
	expect(bank).to_contain_text("8:45\u00a0h until Mon 30 Nov")
	expect(page.get_by_role("row", name="Development")).to_contain_text("80 %")
	expect(page.locator(".support-chart .bar").first).to_be_visible()
	page.context.close()


def test_an_urgent_ticket_on_a_saturday(window, customers):
	page = window("anna")
	page.goto("/support/new")
	urgent = page.locator(".support-offer", has=page.get_by_label("Urgent"))
	# registered Saturday after 14:00, out of hours: assigned within 2 h, begun within 4 h of any clock
	expect(urgent).to_contain_text(
		re.compile(r"Assigned by Sat 7 Nov 16:\d\d, work begins by Sat 7 Nov 18:\d\d")
	)
	# a quarter at 1 000 an hour is 250; 150 % of it is 375
	expect(urgent).to_contain_text(
		re.compile(r"surcharge of \+150 % is kr 375[.,]00 for each started quarter of an hour")
	)
	page.get_by_label("What is it about?").fill("Kassan står stilla")
	page.get_by_label("Tell us more").fill("Ingen kan betala.\n\n<b>Ingen</b>")
	page.get_by_label("Attachments").set_input_files(
		{"name": "bild.png", "mimeType": "image/png", "buffer": picture()}
	)
	page.get_by_label("Urgent").check()
	page.get_by_role("button", name="Send the ticket").click()
	page.wait_for_url(re.compile(r"/support/tickets/ISS-"))
	expect(page.get_by_role("status").first).to_contain_text("Your ticket is registered")
	expect(page.get_by_role("heading", level=1)).to_have_text("Kassan står stilla")
	expect(page.get_by_role("region", name="Conversation")).to_contain_text("<b>Ingen</b>")
	link = page.get_by_role("link", name="bild.png").get_attribute("href")
	assert page.request.get(link).body()[:4] == b"\x89PNG"
	# the file is another customer's secret
	assert window("bertil").request.get(link).status == 403
	expect(page.get_by_role("region", name="Promise")).to_contain_text("Sat 7 Nov 16:")


def test_tickets_are_ranked_by_keyboard(window):
	page = window("anna")
	page.goto("/support/order")
	group = page.get_by_role("region", name="In this order")
	before = group.locator("[data-name]").evaluate_all("rows => rows.map(row => row.dataset.subject)")
	moved = before[-1]
	group.get_by_role("button", name=f"Move up: {moved}").focus()
	with page.expect_response(re.compile("keep_order")) as kept:
		page.keyboard.press("Enter")
	assert kept.value.ok
	place = f"{moved} is now number {len(before) - 1} of {len(before)}."
	expect(page.locator("#support-said")).to_have_text(place)
	with page.expect_response(re.compile("keep_order")) as kept:
		page.keyboard.press("Alt+ArrowUp")
	assert kept.value.ok
	page.reload()
	after = group.locator("[data-name]").evaluate_all("rows => rows.map(row => row.dataset.subject)")
	assert after == [*before[:-3], moved, *before[-3:-1]]


def test_tickets_are_dragged_with_a_mouse(window):
	"""Many times, faster than the server answers: nothing is refused, and what is shown is what is kept."""
	page = window("anna")
	page.goto("/support/order")
	group = page.get_by_role("region", name="In this order")
	rows = group.locator("[data-name]")
	answers = []
	page.on("response", lambda each: "keep_order" in each.url and answers.append(each.status))
	shown = names_of(rows)
	for start, end in ((0, 2), (2, 0), (1, 2), (0, 1), (2, 1), (0, 2), (1, 0), (0, 2)):
		drag(page, rows.nth(start), rows.nth(end))
		shown.insert(end, shown.pop(start))
		assert names_of(rows) == shown
	last = group.locator(f"[data-name='{shown[2]}']").get_attribute("data-subject")
	expect(page.locator("#support-said")).to_have_text(f"{last} is now number 3 of {len(shown)}.")
	assert set(answers) == {200}
	page.reload()
	assert names_of(rows) == shown


def test_a_page_that_is_left_at_once_keeps_what_was_dragged_last(window):
	page = window("anna")
	page.goto("/support/order")
	rows = page.get_by_role("region", name="In this order").locator("[data-name]")
	shown = names_of(rows)
	for _turn in range(3):
		drag(page, rows.nth(0), rows.nth(1))
		shown[:2] = shown[1], shown[0]
	with page.expect_navigation():
		page.goto("/support/tickets")
	page.wait_for_timeout(1000)
	page.goto("/support/order")
	assert names_of(rows) == shown


def names_of(rows) -> list[str]:
	return rows.evaluate_all("rows => rows.map(row => row.dataset.name)")


def drag(page, row, over) -> None:
	"""Take a row by its grip with the mouse, and let it go over another."""
	row.locator(".support-grip").hover()
	page.mouse.down()
	over.hover()
	over.hover()  # the browser tells of a drag at the second move
	page.mouse.up()


def test_an_estimate_and_half_a_sprint_are_approved(window):
	page = window("anna")
	page.goto("/support")
	page.get_by_role("region", name="Needs your answer").get_by_role(
		"link", name=re.compile("Ny kassa")
	).click()
	estimate = page.get_by_role("article", name=re.compile("Ny kassa"))
	# 6 h at 1 000, with 25 % project management: 7 500
	expect(estimate).to_contain_text(re.compile(r"Price: kr 7 500[.,]00"))
	estimate.get_by_role("button", name="Approve").click()
	expect(page.get_by_role("status").first).to_contain_text("Approved. We have your word")
	sprint = page.get_by_role("article", name="Novembersprint")
	sprint.get_by_label(re.compile("Nya ikoner")).uncheck()
	sprint.get_by_role("button", name="Approve what is ticked").click()
	expect(page.get_by_role("status").first).to_contain_text("Approved")
	expect(page.get_by_role("region", name="Sprints")).to_contain_text("Partly Approved")
	expect(page.get_by_text("Nothing waits for your answer.")).to_be_visible()


def test_held_time_is_approved(window):
	page = window("erik")
	page.goto("/support/approvals")
	# 2 h and their project management 0:30 are 2:30; the bank held 1:00, so 1:30 at 1 000 is 1 500
	question = page.get_by_role("article", name=re.compile("Lagersaldot"))
	expect(question).to_contain_text(re.compile(r"Together 1:30, kr 1 500[.,]00"))
	question.get_by_role("button", name="Approve").click()
	expect(page.get_by_role("status").first).to_contain_text("Approved")
	page.goto("/support")
	expect(page.get_by_role("region", name="November 2026")).to_contain_text(re.compile(r"kr 1 500[.,]00"))


def test_the_statement_is_a_pdf_that_says_the_balance(window, customers):
	page = window("anna")
	page.goto("/support/time")
	link = page.get_by_role("link", name="Statement of November 2026 as PDF").get_attribute("href")
	answer = page.request.get(link)
	assert answer.ok and answer.headers["content-type"].startswith("application/pdf")
	text = "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(answer.body())).pages)
	assert "Fjällbutiken AB" in text and "8:45" in text
	assert window("bertil").request.get(link).status == 403


def test_another_customers_contact_sees_none_of_it(window, customers):
	page = window("bertil")
	for path in (
		"/support",
		"/support/tickets?state=all",
		"/support/time",
		"/support/approvals",
		"/support/order",
	):
		assert page.goto(path).ok
		said = page.locator("main").inner_text()
		assert "Fjällbutiken" not in said and "Fraktkostnaden" not in said and "8:45" not in said
	assert page.goto(f"/support/tickets/{customers['story']}").status == 403
	assert page.goto(f"/support?customer={customers['shop']}").status == 403
	csv = page.request.get(
		"/api/method/support_retainer.portal.api.ledger_csv", params={"customer": customers["shop"]}
	)
	assert csv.status == 403


def test_all_of_it_answers_without_javascript(window, customers):
	page = window("cecilia", java_script_enabled=False)
	page.goto("/support")
	page.get_by_role("link", name="Fjällbutiken AB").click()
	page.goto("/support/new")
	page.get_by_label("What is it about?").fill("Skickat utan skript")
	page.get_by_role("button", name="Send the ticket").click()
	expect(page.get_by_role("heading", level=1)).to_have_text("Skickat utan skript")
	page.get_by_label("Your reply").fill("Och ett svar")
	page.get_by_role("button", name="Send the reply").click()
	expect(page.get_by_role("region", name="Conversation")).to_contain_text("Och ett svar")
	page.goto("/support/order")
	page.get_by_role("button", name="Move up: Skickat utan skript").click()
	expect(page.get_by_role("status").first).to_contain_text("The new order is kept.")


def test_staff_see_the_portal_and_cannot_answer(window, customers):
	page = window("disa")
	for path in (
		"/support",
		"/support/new",
		"/support/order",
		"/support/approvals",
		f"/support/tickets/{customers['story']}",
	):
		assert page.goto(f"{path}?customer={customers['shop']}").ok
		expect(page.locator(".support-banner")).to_contain_text("Only the customer can answer here.")
		assert page.locator("main form[method=post] button:enabled").count() == 0


def picture() -> bytes:
	"""The smallest PNG there is."""
	import base64

	return base64.b64decode(
		"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
	)
