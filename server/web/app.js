/* app.js - the page: the box, the head, the address and what is shown.
 *
 * Each view is a function (turn) -> {title, node, said} that asks the server
 * and builds nodes; this file decides which one, and when an answer came too
 * late to be shown. The server has already put its own HTML of the same answer
 * on the page: it stands until the first view is there. */
import { h, $, add, replace, say } from './dom.js';
import { ask, askAfresh, forget, onConnection, isConnected, lost, useKey, Problem } from './ask.js';
import { asOf, head, keep, read, to, theDate, isDay, SETTINGS } from './place.js';
import { isDiagnosis, isProcedure, understand, viewOf, readSet, setParams, spell, LINES_MAX } from './parse.js';
import { dayText, muted, plural } from './words.js';
import { showSearch } from './search.js';
import { showCard } from './card.js';
import { showEdits } from './edits.js';
import { showStart, showMine } from './start.js';

/* The first page brings what most questions need; the other views come when they
 * are first asked for. */
const VIEWS = {
	start: showStart, my: showMine, search: showSearch, code: showCard, edits: showEdits,
	pairs: later('pairs'), units: later('units'), necessity: later('necessity'), claim: later('claim'),
	changes: later('changes'), releases: later('releases'),
};
const WATCH = 60000; /* ms between looks for a new build */
const RETRY = [500, 1000, 2000, 4000, 8000]; /* ms between tries of a lost server */

const main = $('#main');
const box = $('#q');
const status = $('#status');
let turnNumber = 0; /* answers of earlier turns are dropped */
let leave = null; /* stops the questions of the view that is shown */
let place = read(location.href);
let typing = false; /* a burst of typing makes one entry of the history */
let shownOk = false;

/* ---- what is shown */

async function show({ focus = false, scroll = 0 } = {}) {
	const turn = ++turnNumber;
	const controller = new AbortController();
	const wanted = place;

	leave?.abort();
	leave = controller;
	main.setAttribute('aria-busy', 'true'); /* seen when it lasts: see app.css */
	let made;
	try {
		made = await (VIEWS[wanted.view] ?? unknown)({
			place: wanted, signal: controller.signal, typing, go, amend, build: newBuild,
		});
		shownOk = true;
	} catch (problem) {
		if (controller.signal.aborted) return;
		shownOk = false;
		made = failed(problem, wanted);
	}
	if (turn !== turnNumber) return;
	main.removeAttribute('aria-busy');
	if (made === null) return; /* what stands there stays */
	document.body.dataset.view = made.view ?? wanted.view;
	document.title = `${made.title.slice(0, 80)} · coderef`;
	replace(main, made.node);
	printHead(made.title);
	if (made.said) say(made.said);
	made.shown?.();
	if (focus) {
		const heading = $('h1', main) ?? main;
		heading.tabIndex = -1;
		heading.focus({ preventScroll: true });
	}
	if (!typing) scrollTo(0, scroll);
}

/* A module that did not come is not asked for again under the same name. */
let missed = 0;
function later(name) {
	return async (turn) => {
		const { show: view } = await import(`./${name}.js${missed > 0 ? `?${missed}` : ''}`).catch((error) => {
			if (error instanceof SyntaxError) throw error; /* of another version: reload */
			missed++;
			throw lost();
		});
		return view(turn);
	};
}

const unknown = () => message('Nothing under this address', 'Ask in the box above.');

/* A problem in the place of an answer. What was on the page before a lost
 * connection stays: it is still true for what it says it answers. */
function failed(problem, wanted) {
	if (!(problem instanceof Problem)) {
		console.error(problem);
		return message('This page made a mistake', `${problem?.message ?? problem}. Reloading it may help.`);
	}
	if (problem.kind === 'lost') {
		if (typing) return null;
		return message(problem.title, `${problem.message} This page asks again by itself.`);
	}
	if (problem.kind === 'key') return keyForm(problem);
	return message(wanted.code ? `${wanted.code}: ${problem.title}` : problem.title, problem.message);
}

/* The server answers only who has a key. */
function keyForm(problem) {
	const field = h('input', { type: 'password', autocomplete: 'off', required: true, 'aria-label': 'Key' });
	return {
		title: 'A key is asked for', said: problem.message, shown: () => { if (document.activeElement !== box) field.focus(); },
		node: h('form.problem', {
			async onsubmit(event) {
				event.preventDefault();
				useKey(field.value.trim());
				await look().catch(() => {});
				show();
			},
		}, h('h1', 'This server asks for a key'), h('p', problem.message),
		h('p.controls', h('label', 'Key ', field), h('button', { type: 'submit' }, 'Use it')),
		h('p', 'It stays in this tab until it is closed, and goes to this server only.')),
	};
}

function message(title, detail) {
	return {
		title, said: `${title}. ${detail}`,
		node: h('div.problem', { role: 'alert' }, h('h1', title), h('p', detail),
			h('p', h('button', { onclick: () => show() }, 'Ask again'))),
	};
}

/* ---- going somewhere */

/** Goes to an address of this page. how: push | replace | typing */
function go(href, how = 'push', options = {}) {
	const url = new URL(href, location.href);

	if (!typing) history.replaceState({ ...history.state, scroll: scrollY }, '');
	history[how === 'replace' || (how === 'typing' && typing) ? 'replaceState' : 'pushState']({}, '', url);
	typing = how === 'typing';
	arrive(typing);
	return show({ focus: how === 'push' && options.focus !== false, ...options });
}

/** Changes the address without another question. */
function amend(href) {
	history.replaceState(history.state, '', href);
	place = read(location.href);
}

/* Takes place and head out of the address. */
function arrive(keepBox) {
	place = read(location.href);
	head.date = place.head.date === head.defaultDate ? '' : place.head.date;
	head.setting = place.head.setting;
	head.program = place.head.program;
	drawHead();
	if (!keepBox && document.activeElement !== box) box.value = boxText();
	understood();
}

function boxText() {
	const { view, params, code } = place;
	if (view === 'search') return params.q ?? '';
	if (view === 'code' || view === 'edits') return code;
	if (['pairs', 'units', 'necessity', 'claim'].includes(view)) return spell(readSet(params));
	return '';
}

/* ---- the box */

/* Codes that may be a procedure or a diagnosis (M5450): the server knows. */
async function settle(lines) {
	const open = lines.filter((line) => line.shape === 'either');
	if (open.length === 0 || lines.length < 2) return;
	const answer = await ask('/v1/codes', { codes: codesOf(open).join(), date: theDate() });
	answer.items.forEach((item, i) => {
		open[i].shape = item.system === 'icd10cm' ? 'diagnosis' : 'procedure';
		if (item.system === 'icd10cm') open[i].code = item.code;
	});
}

const search = (q) => to('search', { q: q.trim() });
const codesOf = (lines) => lines.map((line) => line.code);

/* The word being typed behind a code is not done: "97530 971". */
function withoutLast(text) {
	const last = /[^\s,;]*$/.exec(text)[0];
	const done = text.slice(0, text.length - last.length);
	const whole = understand(text);
	const begun = /^[-0-9A-Z.]{1,7}$/i.test(last) && /\d/.test(last) && understand(last).lines.length === 0;
	return begun && understand(done).lines.length > 0 && (whole.words.length === 0 || whole.lines.length > 0) ? done : text;
}

/** The address that answers a text; null when it is empty. */
async function meant(text, live) {
	const asked = live ? withoutLast(text) : text;
	const said = understand(asked);
	if (said.date) head.date = said.date;
	if (said.kind === 'empty') return live ? to('start') : null;
	if (said.kind === 'range') return search(said.range.join('-'));
	if (said.kind === 'words') return search(asked);
	if (said.kind === 'code') {
		const [line] = said.lines;
		/* While typing, M54 may become M54.50: list what begins so. */
		return live && isDiagnosis(line) ? search(asked) : to('code', { code: line.code });
	}
	await settle(said.lines);
	const lines = said.lines.filter(isProcedure);
	const dx = codesOf(said.lines.filter(isDiagnosis));
	const view = viewOf(said.lines);
	const set = setParams({ lines, dx });
	if (view === 'codes') return search(dx.join(' '));
	if (view === 'code') return to('code', { code: lines[0].code });
	/* Who works on a claim stays with it. */
	if (place.view === 'claim' && (lines.length > 1 || dx.length > 0)) {
		const { payer, state = '' } = place.params;
		return to('claim', { ...set, payer, state });
	}
	return to(view, set);
}

function understood() {
	const said = understand(box.value);
	const place = $('#understood');
	const [line] = said.lines;
	const plainCode = said.lines.length === 1 && line.modifiers.length === 0 && line.minutes === null && line.units === null;
	if (!line || plainCode || said.kind === 'words') {
		replace(place);
		return;
	}
	replace(place, 'Understood: ', said.lines.slice(0, LINES_MAX).map((line) => [h('span.chip',
		h('b.code', line.code),
		line.modifiers.length > 0 && ` modifier ${line.modifiers.join(' ')}`,
		line.units !== null && ` × ${line.units}`,
		line.minutes !== null && ` ${line.minutes} min`), ' ']),
	said.lines.length > LINES_MAX && `and ${said.lines.length - LINES_MAX} more, left out `,
	said.date && h('span.chip', `on ${said.date}`),
	said.words.length > 0 && muted(` not understood: ${said.words.slice(0, 8).join(' ')}`));
}

let textNumber = 0;
/* The question goes out before anything is drawn: a frame takes longer than the
 * server does. Keys that follow make an answer stale, and stop it. */
box.addEventListener('input', () => {
	typed();
	understood();
});

async function typed() {
	const number = ++textNumber;
	try {
		const href = await meant(box.value, true);
		if (number === textNumber && href !== null) await go(href, 'typing');
	} catch (problem) {
		if (!(problem instanceof Problem)) throw problem;
	}
}

/* Lines pasted out of a table or a claim become one line of words. */
box.addEventListener('paste', (event) => {
	const text = event.clipboardData?.getData('text/plain');
	if (!text || !/[\r\n\t]/.test(text)) return;
	event.preventDefault();
	box.setRangeText(text.trim().replace(/[\r\n\t]+/g, ' '), box.selectionStart, box.selectionEnd, 'end');
	box.dispatchEvent(new Event('input', { bubbles: true }));
});

$('#ask').addEventListener('submit', async (event) => {
	event.preventDefault();
	textNumber++;
	const href = await meant(box.value, false).catch(() => search(box.value));
	if (href === null) return;
	const url = new URL(href, location.href);
	const same = url.pathname === location.pathname && url.search === location.search;
	await go(href, same || typing ? 'replace' : 'push', { focus: false });
	if (place.view === 'search') $('.hit a', main)?.focus();
	else if (document.activeElement === box) box.select();
});

box.addEventListener('blur', () => { typing = false; });

/* ---- keys */

document.addEventListener('keydown', (event) => {
	const at = event.target;
	const writes = at.matches?.('input, textarea, select') || at.isContentEditable;

	if (event.ctrlKey || event.metaKey || event.altKey) {
		/* Rows that are not loaded yet: first these, then the paper. */
		const all = event.key === 'p' && !event.altKey && $('.paper-all', main);
		if (all) {
			event.preventDefault();
			all.click();
		}
		return;
	}
	if ((event.key === '/' || event.key === 'Escape') && !writes) {
		event.preventDefault();
		box.focus();
		box.select();
	} else if (event.key === 'Escape' && at === box && box.value !== '') {
		event.preventDefault();
		box.value = '';
		box.dispatchEvent(new Event('input', { bubbles: true }));
	} else if (at === box ? event.key === 'ArrowDown' : at.matches?.('.hit > a')) {
		const hits = [...main.querySelectorAll('.hit > a')];
		const i = hits.indexOf(at);
		const next = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: hits.length - 1 }[event.key];
		if (next === undefined || hits.length === 0) return;
		event.preventDefault();
		const goal = next < 0 ? box : hits[Math.min(next, hits.length - 1)];
		goal.focus();
		goal.scrollIntoView({ block: 'nearest' });
	}
});

document.addEventListener('click', (event) => {
	const link = event.target.closest?.('a[href]');
	if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey ||
			event.altKey || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
	const url = new URL(link.href);
	if (url.pathname === location.pathname && url.search === location.search && url.hash) return;
	if (!(read(url.href).view in VIEWS)) return;
	event.preventDefault();
	typing = false;
	/* Links of the server's own HTML may be without date: they mean the default. */
	go(url.href);
});

addEventListener('popstate', (event) => {
	typing = false;
	if (document.activeElement === box) box.blur();
	arrive(false);
	show({ scroll: event.state?.scroll ?? 0 });
});

/* ---- the head: date, setting, program, light and dark */

function drawHead() {
	for (const [id, value] of Object.entries(asOf())) {
		const field = $(`#${id}`);
		if (field.value !== value && document.activeElement !== field) field.value = value;
	}
	for (const link of document.querySelectorAll('.pages a, .brand a'))
		link.setAttribute('aria-current', new URL(link.href).pathname === location.pathname ? 'page' : 'false');
	drawBanner();
}

let banner = ''; /* what it says now: a notice is not read out twice */
function drawBanner() {
	const date = theDate();
	const says = [date, head.today, head.defaultDate, head.coveredTo].join();
	const use = (day, text) => h('button.quiet', { onclick: () => setHead({ date: day }) }, text);
	const useDefault = use('', `Use ${dayText(head.defaultDate)}`);
	const notice = date !== '' && date !== head.today ? [
		h('b', `Answers are for ${dayText(date)}`), date === head.defaultDate ? ', the last day that the loaded edits cover' : '',
		`; today is ${dayText(head.today)}. `, date !== head.defaultDate && useDefault, ' ', use(head.today, 'Use today'),
	] : head.coveredTo !== '' && date > head.coveredTo && [
		h('b', `The loaded edits end on ${dayText(head.coveredTo)}`), ': answers for today are stale, or not checked. ', useDefault,
	];

	if (says === banner) return;
	banner = says;
	replace($('#notices'), notice && h('p.banner', { role: 'status' }, notice));
}

/* Other date, setting or program: the same question again. */
async function setHead(change) {
	const params = { code: place.code, ...place.params };

	Object.assign(head, change);
	/* Another setting may be covered to another day. */
	if (!('date' in change)) await look().catch(() => {});
	delete params.cursor;
	go(to(place.view in VIEWS ? place.view : 'start', params, place.mark), 'push', { focus: false, scroll: scrollY });
	$('#date').value = theDate();
}

$('#date').addEventListener('change', ({ target }) => {
	const { value } = target;
	if (value === '' || (isDay(value) && value >= '1900-01-01')) setHead({ date: value === head.defaultDate ? '' : value });
});
$('#setting').addEventListener('change', ({ target }) => setHead({ setting: target.value }));
$('#program').addEventListener('change', ({ target }) => setHead({ program: target.value }));

const theme = h('button.theme.quiet');
const chosenTheme = () => document.documentElement.dataset.theme ?? 'auto';
function drawTheme() {
	theme.textContent = { auto: 'Light/dark', light: 'Light', dark: 'Dark' }[chosenTheme()];
}
theme.addEventListener('click', () => {
	const next = { auto: 'light', light: 'dark', dark: 'auto' }[chosenTheme()];
	if (next === 'auto') delete document.documentElement.dataset.theme;
	else document.documentElement.dataset.theme = next;
	keep('theme', next);
	drawTheme();
});

/* ---- what is loaded, and whether it still is */

/* Asks what is loaded; true when it is another build than before. */
async function look() {
	const { build, date, releases } = await askAfresh('/v1/releases', {});
	const before = head.build;
	const holds = (one, name) => one[name] === null || one[name] === head[name];

	head.today = date;
	head.build = build.id;
	/* The last day that the edits of the setting cover. */
	head.coveredTo = releases.filter((one) => one.table === 'ptp' && one.to && holds(one, 'setting') && holds(one, 'program'))
		.map((one) => one.to).sort().pop() ?? '';
	head.defaultDate = head.coveredTo !== '' && head.coveredTo < date ? head.coveredTo : date;
	drawHead();
	return before !== '' && before !== head.build;
}

/** Looks whether another build is served; then all is asked anew. */
async function newBuild() {
	if (!await look()) return false;
	forget();
	tell(`New data was loaded (build ${head.build}). This page now shows it.`, 'good');
	await show({ scroll: scrollY });
	return true;
}

const watch = () => { if (document.visibilityState === 'visible' && isConnected()) newBuild().catch(() => {}); };
setInterval(watch, WATCH);
document.addEventListener('visibilitychange', watch);
addEventListener('focus', watch);

function tell(text, kind, ...more) {
	status.className = `status ${kind}`;
	replace(status, text, more.length > 0 && ' ', more,
		kind === 'good' && [' ', h('button.quiet', { onclick: () => replace(status) }, 'Dismiss')]);
}

let tries = 0, timer = 0;
async function again() {
	clearTimeout(timer);
	try {
		await askAfresh('/readyz', {});
	} catch (problem) {
		/* An answer that says "not ready" is an answer, but not yet what we want. */
		if (problem.kind !== 'key') timer = setTimeout(again, RETRY[Math.min(tries++, RETRY.length - 1)]);
		return;
	}
	tries = 0;
	tell('The connection is back.', 'good');
	const swapped = await newBuild().catch(() => false);
	if (box.value !== boxText() && document.activeElement === box) await typed();
	else if (!swapped && !shownOk) await show({ scroll: scrollY });
}
onConnection((now, seconds) => {
	if (seconds) tell(`The server asks for a pause: this page asks again in ${plural(seconds, 'second')}.`, 'bad');
	else if (now && status.matches('.bad')) replace(status);
	if (now) return;
	tell('No connection to the server. What you see is the last answer; it asks again by itself.', 'bad',
		h('button.quiet', { onclick: again }, 'Try now'));
	clearTimeout(timer);
	timer = setTimeout(again, RETRY[0]);
});
addEventListener('online', () => { if (!isConnected()) again(); });

/* ---- paper */

/* On paper the head of the page is one line that says what was asked, and when. */
const paper = h('p.paper');
function printHead(title) {
	replace(paper, h('b', title), ` · date of service ${theDate()} · ${SETTINGS[head.setting]} · ${head.program} · build ${head.build}`);
}
addEventListener('beforeprint', () => {
	for (const box of document.querySelectorAll('.tablebox')) box.dispatchEvent(new Event('print-all'));
	for (const more of document.querySelectorAll('details:not([open])')) { more.open = true; more.dataset.printed = ''; }
	add(paper, h('span.printed', ` · printed ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`));
});
addEventListener('afterprint', () => {
	for (const more of document.querySelectorAll('details[data-printed]')) { more.open = false; delete more.dataset.printed; }
	$('.printed', paper)?.remove();
});

/* ---- begin */

const { defaultDate, today, coveredTo, build } = document.body.dataset;
Object.assign(head, { defaultDate, today, coveredTo, build });
history.scrollRestoration = 'manual';
$('.pages').append(theme);
main.before(paper);
document.documentElement.classList.add('scripted');
drawTheme();
arrive(box.value !== '' && place.view === 'start');
show({ scroll: history.state?.scroll ?? 0 });
if (place.view === 'start') box.focus();
