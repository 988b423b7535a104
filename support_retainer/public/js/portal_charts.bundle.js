// Pictures beside the figures of /support: frappe-charts, from Frappe's own packages. The figures stand in the page as text.
import { Chart } from "frappe-charts/dist/frappe-charts.esm";

document.querySelectorAll(".support-chart[data-chart]").forEach((place) => {
	if (!place.offsetWidth) return; // narrow screens have the figures alone
	const [used, promised] = JSON.parse(place.dataset.labels);
	new Chart(place, {
		type: "bar",
		height: 220,
		colors: ["#278f5e", "#7c7c7c"],
		animate: false,
		axisOptions: { xAxisMode: "tick", shortenYAxisNumbers: 1 },
		data: {
			labels: JSON.parse(place.dataset.chart),
			datasets: [
				{ name: used, values: JSON.parse(place.dataset.used) },
				{ name: promised, values: JSON.parse(place.dataset.promised) },
			],
		},
	});
});
