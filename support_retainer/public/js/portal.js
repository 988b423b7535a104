// The pages under /support read and answer without this. It saves reloads: the order of tickets, and the promise as hours are typed.
(() => {
	"use strict";

	const said = document.getElementById("support-said");
	const problem = document.getElementById("support-problem");
	if (problem) problem.focus();

	function say(text) {
		if (!said) return;
		said.textContent = "";
		const line = document.createElement("p");
		line.className = "alert alert-success support-toast"; // over the page: nothing moves under the hand that drags
		line.textContent = text;
		said.append(line);
		setTimeout(() => line.remove(), 10_000);
	}

	function fill(text, ...values) {
		return text.replace(/\{(\d)\}/g, (_all, number) => values[number]);
	}

	async function post(method, values) {
		const answer = await fetch(`/api/method/support_retainer.portal.api.${method}`, {
			method: "POST",
			headers: {
				Accept: "application/json",
				"Content-Type": "application/json",
				"X-Frappe-CSRF-Token": document.querySelector("input[name=csrf_token]").value,
			},
			body: JSON.stringify(values),
			keepalive: true, // what was dragged last is kept also when the page is left at once
		});
		if (!answer.ok) throw new Error(answer.status);
		return (await answer.json()).message;
	}

	// the order of work ---------------------------------------------------------------------------
	const form = document.getElementById("order-form");
	const mayOrder = form && form.querySelector("button");

	function names() {
		return [...form.querySelectorAll("[data-name]")].map((row) => row.dataset.name);
	}

	function refresh(list) {
		const rows = [...list.children];
		rows.forEach((row, place) => {
			const [up, down] = row.querySelectorAll("button");
			up.disabled = place === 0;
			down.disabled = place === rows.length - 1;
		});
	}

	// An order is sent when the person pauses, one at a time: what is moved meanwhile waits, and only the newest order of it is sent.
	const PAUSE = 300;
	let waiting = null;
	let sending = false;
	let timer = 0;

	function keep(row) {
		const list = row.parentElement;
		refresh(list);
		const place = [...list.children].indexOf(row) + 1;
		waiting = { order: names(), text: fill(form.dataset.moved, row.dataset.subject, place, list.children.length) };
		clearTimeout(timer);
		timer = setTimeout(send, PAUSE);
	}

	async function send() {
		if (sending) return;
		sending = true;
		try {
			while (waiting) {
				const { order, text } = waiting;
				waiting = null;
				await post("keep_order", { customer: form.dataset.customer, names: order });
				if (!waiting) say(text);
			}
		} catch {
			waiting = null;
			say(form.dataset.failed);
		}
		sending = false;
	}

	window.addEventListener("pagehide", () => {
		clearTimeout(timer);
		if (waiting) post("keep_order", { customer: form.dataset.customer, names: waiting.order }).catch(() => {});
		waiting = null;
	});

	function move(row, by) {
		const list = row.parentElement;
		const rows = [...list.children];
		const to = rows.indexOf(row) + by;
		if (to < 0 || to >= rows.length) return;
		const held = document.activeElement;
		list.insertBefore(row, by < 0 ? rows[to] : rows[to].nextSibling);
		refresh(list);
		const button = held && row.contains(held) && !held.disabled ? held : row.querySelector("button:not([disabled])");
		if (button) button.focus();
		keep(row);
	}

	function makeDraggable(list) {
		let dragged = null;
		list.classList.add("live");
		for (const row of list.children) row.draggable = true;
		list.addEventListener("dragstart", (event) => {
			dragged = event.target.closest("[data-name]");
			dragged.classList.add("dragged");
			event.dataTransfer.effectAllowed = "move";
			event.dataTransfer.setData("text/plain", dragged.dataset.name);
		});
		list.addEventListener("dragover", (event) => {
			const over = event.target.closest("[data-name]");
			if (!dragged || !over) return;
			event.preventDefault();
			for (const row of list.children) row.classList.toggle("over", row === over && row !== dragged);
		});
		list.addEventListener("drop", (event) => {
			const over = event.target.closest("[data-name]");
			if (!dragged || !over || over === dragged) return;
			event.preventDefault();
			const rows = [...list.children];
			const downwards = rows.indexOf(dragged) < rows.indexOf(over);
			list.insertBefore(dragged, downwards ? over.nextSibling : over);
			keep(dragged);
		});
		list.addEventListener("dragend", () => {
			for (const row of list.children) row.classList.remove("over", "dragged");
			dragged = null;
		});
	}

	if (mayOrder) {
		form.querySelectorAll("[data-order]").forEach(makeDraggable);
		form.addEventListener("click", (event) => {
			const button = event.target.closest("button[name=ticket]");
			if (!button) return;
			event.preventDefault();
			move(button.closest("[data-name]"), button.value.endsWith(":up") ? -1 : 1);
		});
		form.addEventListener("keydown", (event) => {
			const row = event.target.closest("[data-name]");
			const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
			if (!row || !by || !event.altKey) return;
			event.preventDefault();
			move(row, by);
		});
	}

	// promise and price ---------------------------------------------------------------------------
	const ticket = document.getElementById("new-ticket");
	const hours = ticket && ticket.querySelector("#expected_hours");

	async function look() {
		const cards = await post("offer", { customer: ticket.dataset.customer, expected_hours: hours.value });
		for (const card of cards) {
			ticket.querySelector(`#promise-${card.urgency}`).textContent = card.promise;
			ticket.querySelector(`#price-${card.urgency}`).textContent = card.price;
			ticket.querySelector(`input[name=offer_${card.urgency}]`).value = card.token;
		}
	}

	if (hours) hours.addEventListener("change", () => look().catch(() => {}));

	// a form is sent once -------------------------------------------------------------------------
	document.querySelectorAll(".support-portal form[method=post]").forEach((each) => {
		each.addEventListener("submit", (event) => {
			if (each.dataset.sent) event.preventDefault();
			each.dataset.sent = "1";
			window.addEventListener("pageshow", () => delete each.dataset.sent, { once: true });
		});
	});
})();
