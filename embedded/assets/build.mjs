// Builds every `*.bundle.*` below an app's public folder, as a bench does.
//
//   node build.mjs '{"app": "frappe", "packages": {"frappe": "/…/frappe", …}, "modules": "/…/node_modules", "out": "/…"}'
//
// Writes out/dist/{js,css,css-rtl}/NAME.HASH.EXT, out/assets.json and out/assets-rtl.json.
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { html } from "./html.mjs";
import { styles } from "./styles.mjs";
import { vue } from "./vue.mjs";

const job = JSON.parse(process.argv[2]);
job.require = createRequire(path.join(job.modules, "any.js"));
const esbuild = job.require("esbuild");
const css = styles(job);

const publicFolder = path.join(job.packages[job.app], "public");
const bundles = fs.existsSync(publicFolder)
	? fs
			.readdirSync(publicFolder, { recursive: true })
			.filter((file) => /\.bundle\.(js|ts|css|scss|sass)$/.test(file) && !/(^|\/)(dist|node_modules)\//.test(file))
	: [];
const assets = {};
const rtl = {};

// `frappe/public/…` in an import is a path inside an app.
const packages = {
	name: "packages",
	setup(build) {
		const names = Object.keys(job.packages).join("|");
		build.onResolve({ filter: new RegExp(`^(${names})/`) }, (found) => {
			const [name, ...rest] = found.path.split("/");
			const file = path.join(job.packages[name], ...rest);
			return fs.existsSync(file) ? { path: file } : undefined;
		});
		build.onResolve({ filter: /^\/assets\// }, (found) => ({ path: found.path, external: true }));
	},
};

async function script(file) {
	const result = await esbuild.build({
		entryPoints: [path.join(publicFolder, file)],
		bundle: true,
		write: false,
		format: "iife",
		target: "es2020",
		minify: true,
		keepNames: true,
		legalComments: "none",
		logLevel: "error",
		logLimit: 20,
		nodePaths: [job.modules],
		loader: { ".svg": "text" },
		define: {
			"process.env.NODE_ENV": '"production"',
			__VUE_OPTIONS_API__: "true",
			__VUE_PROD_DEVTOOLS__: "false",
			__VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
		},
		plugins: [packages, html(), vue(job, css), css.inScripts],
	});
	const name = path.basename(file).replace(/\.ts$/, ".js");
	assets[name] = write("js", name, result.outputFiles[0].contents);
}

async function style(file) {
	const name = path.basename(file).replace(/\.(scss|sass)$/, ".css");
	const text = await css.compile(path.join(publicFolder, file));
	assets[name] = write("css", name, text);
	rtl[`rtl_${name}`] = write("css-rtl", name, css.rightToLeft(text));
}

function write(kind, name, content) {
	const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
	const [, stem, ending] = name.match(/^(.*)\.(\w+)$/);
	const folder = path.join(job.out, "dist", kind);
	fs.mkdirSync(folder, { recursive: true });
	fs.writeFileSync(path.join(folder, `${stem}.${hash}.${ending}`), content);
	return `/assets/${job.app}/dist/${kind}/${stem}.${hash}.${ending}`;
}

const failed = [];
await Promise.all(
	bundles.map((file) =>
		(/\.(js|ts)$/.test(file) ? script(file) : style(file)).catch((error) => failed.push(`${file}: ${error.message}`))
	)
);
fs.mkdirSync(job.out, { recursive: true });
fs.writeFileSync(path.join(job.out, "assets.json"), JSON.stringify(assets, null, 1));
fs.writeFileSync(path.join(job.out, "assets-rtl.json"), JSON.stringify(rtl, null, 1));
if (failed.length) {
	console.error(failed.join("\n"));
	process.exit(1);
}
console.log(`${Object.keys(assets).length} bundles of ${job.app}`);
