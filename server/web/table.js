/* table.js - a table that can be long, filtered, printed and taken away as CSV.
 * Rows are put on the page a piece at a time, as one scrolls to them. */
import { h, replace, columnHead, download, scroller, AS_TYPED } from './dom.js';
import { day, muted, num, plural } from './words.js';
import { theDate } from './place.js';

const PIECE = 100; /* rows put on the page at a time */
const PAPER_MAX = 5000; /* rows asked for to be printed; a file has them all */

function csvCell(value) {
	let text = value == null ? '' : String(value);
	/* A spreadsheet must not take a text for a formula. */
	if (/^[=+@\t\r]|^-(?!\d)/.test(text)) text = `'${text}`;
	return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

function toCsv(columns, rows) {
	const lines = [columns.map((one) => one.name), ...rows.map((row) => columns.map((one) => one.text(row)))];
	/* The mark in front tells spreadsheets that it is UTF-8. */
	return '\uFEFF' + lines.map((line) => line.map(csvCell).join() + '\r\n').join('');
}

/* A button whose work takes a while, and may fail. */
function busyButton(name, title, work) {
	const button = h('button.quiet.csv', { title, async onclick() {
		button.disabled = true;
		try {
			await work();
		} catch (problem) {
			button.title = problem.message;
			button.textContent = `${name}: not done`;
		}
		button.disabled = false;
	} }, name);
	return button;
}

/** A button that saves; `rows` may be a function, and may promise. */
export const csvButton = (name, columns, rows) => busyButton('CSV', 'Save this table as CSV', async () => {
	const all = await (typeof rows === 'function' ? rows() : rows);
	download(`${name.replace(/[^\w.-]+/g, '-')}-${theDate()}.csv`, 'text/csv;charset=utf-8', toCsv(columns, all));
});

/* Some columns are for the file alone. */
const drawn = (columns) => columns.filter((one) => !one.csvOnly);
const heading = (columns) => h('thead', h('tr', drawn(columns).map((one) => columnHead(one.name, one.class))));
const line = (columns, row) => h('tr', { class: row.class }, drawn(columns).map((one) =>
	h(one.head ? 'th' : 'td', { class: one.class, scope: one.head && 'row' }, (one.cell ?? one.text)(row))));

/* Columns that many tables have: of a member, of a day, of the source's row. */
export const column = (name, key, more) => ({ name, text: (row) => row[key], ...more });
export const dayColumn = (name, key, none = '') => ({ name, class: 'date', text: (row) => row[key], cell: (row) => day(row[key]) ?? muted(none) });
export const RELEASE = ['Release', 'File', 'Row'].map((name) => ({ name, csvOnly: true, text: (row) => row.source?.[name.toLowerCase()] }));
/** The row on the page, with release and file in the CSV. */
export const SOURCE = [...RELEASE.slice(0, 2), {
	name: 'Row', class: 'number', text: (row) => row.source?.row,
	cell: ({ source }) => source && h('span', { title: `${source.file}, release ${source.release}` }, num(source.row)),
}];

/**
 * columns: {name, text(row) for CSV and filter, cell(row)? for the page, class?, head? (row heading)}
 * all(most): promises that every row is there, or so many, before they are
 * saved or printed.
 * Returns {node, append(list), status(text), length()}.
 */
export function table({ caption, columns, rows = [], name, empty = 'None.', filterable = false, captioned = false, scrolls = false, all: everything }) {
	let all = rows, shown = rows, made = 0, note = '';
	const body = h('tbody');
	const count = h('span.count', { role: 'status' });
	const rest = h('div.rest');
	const region = scroller(caption,
		h('table', h('caption', { class: !captioned && 'unseen' }, caption), heading(columns), body), rest);
	const box = filterable ? h('input', {
		type: 'search', class: 'filter', placeholder: 'Filter', 'aria-label': `Filter: ${caption}`, ...AS_TYPED,
	}) : null;
	const paper = everything && busyButton('Print', `All rows, or the first ${num(PAPER_MAX)}`, async () => { await everything(PAPER_MAX); print(); });
	paper?.classList.add('paper-all'); /* also by the keys, see app.js */
	const bar = h('div.tablebar', box, count, h('span.gap'), paper, csvButton(name ?? caption, columns, async () => { await everything?.(); return shown; }));

	const tell = () => {
		count.textContent = (shown.length === all.length ? '' : `${num(shown.length)} of `) + plural(all.length, 'row') + note;
	};
	const draw = (upTo) => {
		const piece = document.createDocumentFragment();
		for (; made < Math.min(upTo, shown.length); made++) piece.append(line(columns, shown[made]));
		body.append(piece);
		replace(rest, made < shown.length && h('button.quiet', { onclick: () => draw(made + PIECE * 5) },
			`Show more (${plural(shown.length - made, 'row')} left)`));
	};
	const start = () => {
		const words = (box?.value ?? '').toLowerCase().split(/\s+/).filter(Boolean);
		shown = words.length === 0 ? all : all.filter((row) => {
			const text = columns.map((one) => one.class === 'number' ? '' : one.text(row) ?? '').join(' ').toLowerCase();
			return words.every((word) => text.includes(word));
		});
		body.replaceChildren();
		made = 0;
		if (shown.length === 0)
			body.append(h('tr', h('td', { colspan: drawn(columns).length, class: 'muted' }, all.length === 0 ? empty : 'Nothing fits the filter.')));
		draw(PIECE);
		tell();
	};
	box?.addEventListener('input', start);
	/* One that scrolls by itself draws as it is scrolled, another as the page is. */
	const near = () => rest.getBoundingClientRect().top < region.getBoundingClientRect().bottom + 400 && made < shown.length;
	if (scrolls) region.addEventListener('scroll', () => { if (near()) draw(made + PIECE); }, { passive: true });
	else new IntersectionObserver(() => draw(made + PIECE), { rootMargin: '400px' }).observe(rest);
	start();
	const node = h('div.tablebox', bar, region);
	node.addEventListener('print-all', () => draw(Infinity));
	return {
		node,
		/** More rows at the end, without a jump. */
		append(list) {
			all = all.concat(list);
			note = '';
			if (box?.value) {
				start();
				return;
			}
			shown = all;
			draw(Math.max(made, PIECE));
			tell();
		},
		/** Said behind the number of rows, until more are there. */
		status(text) {
			note = text;
			tell();
		},
		length: () => all.length,
	};
}

/** A small table, with a button for CSV when it has a name. */
export function plainTable(caption, columns, rows, name) {
	return [name && h('div.tablebar', h('span.gap'), csvButton(name, columns, rows)),
		scroller(caption, h('table',
			h('caption', caption), heading(columns), h('tbody', rows.map((row) => line(columns, row)))))];
}
