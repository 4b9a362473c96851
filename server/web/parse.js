/* parse.js - what a person means who typed or pasted something into the box.
 * Pure: no page, no server. A code's shape is all that is looked at here;
 * whether it exists, and in which system, the server says. */

const PROCEDURE = /^(?:\d{4}[0-9A-Z]|[A-V]\d{4})$/;
const DIAGNOSIS = /^[A-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4}|[0-9A-Z]{0,4})$/;
const MODIFIER = /^(?:[A-Z][A-Z0-9]|\d[A-Z])$/;
const DATE = /^(?:(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)\/(\d\d?)\/(\d{4}))$/;
/* Two-digit modifiers: what a bare number behind a code may be besides minutes. */
const NUMERIC = new Set(('22 23 24 25 26 27 32 33 47 50 51 52 53 54 55 56 57 58 59 62 63 66 73 74 ' +
	'76 77 78 79 80 81 82 90 91 92 93 95 96 97 99').split(' '));
const FILLER = new Set(('AND WITH PLUS OR VS W CODE CODES CPT HCPCS ICD ICD10 ICD-10 ICD-10-CM CM DX ' +
	'DIAGNOSIS DIAGNOSES PROCEDURE PROCEDURES FOR BILL TOGETHER MODIFIER MOD MODS ON DOS ' +
	'TO IN OF IS BY BE DO WE MY IT CAN I &').split(' '));
const MINUTES = /^(\d{1,4})(?:M|MIN|MINS|MINUTE|MINUTES|'|′)$/;
const MINUTE_WORD = /^(?:M|MIN|MINS|MINUTE|MINUTES)\.?$/;
const UNITS = /^(?:[X×*](\d{1,3})|(\d{1,3})[X×*]|(\d{1,3})(?:U|UNIT|UNITS))$/;
const UNIT_WORD = /^(?:U|UN|UNIT|UNITS)\.?$/;

/** Lines of codes: at most as many as the page asks at once. */
export const LINES_MAX = 25;

const iso = ([, y, m, d, month, day, year]) => {
	const text = `${y ?? year}-${(m ?? month).padStart(2, '0')}-${(d ?? day).padStart(2, '0')}`;
	const at = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(at.valueOf()) && at.toISOString().startsWith(text) ? text : null;
};

/** procedure, diagnosis, either (M5450: a shape of both) or null. */
export function shape(token) {
	const text = token.toUpperCase();
	const procedure = PROCEDURE.test(text);
	const diagnosis = DIAGNOSIS.test(text);
	return procedure ? (diagnosis ? 'either' : 'procedure') : diagnosis ? 'diagnosis' : null;
}

/** Not yet known which, M5450 counts as a procedure. */
export const isProcedure = (line) => line.shape !== 'diagnosis';
export const isDiagnosis = (line) => !isProcedure(line);

/* "97116-59-GP", "97116:59+GP", "97110=24", "97110:24": the code and the rest.
 * A range 97010-97799 is not one. */
function joined(token) {
	const match = /^([0-9A-Z]{5}|[A-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?)([-:=+/.])(.+)$/.exec(token);
	if (!match || !shape(match[1])) return null;
	const [, code, sign, rest] = match;
	return { code, sign, parts: rest.split(/[-:+/.,=]/).filter(Boolean) };
}

function tokens(text) {
	return text
		.replace(/[‐-―−]/g, '-')
		.replace(/\s*([=:])\s*(?=\d)/g, '$1')
		.replace(/(\d)\s*(['′])(?=\s|$|,|;)/g, '$1$2')
		.split(/[\s,;|()[\]]+/)
		.map((token) => token.replace(/^["'“”.:]+|["“”.:]+$/g, ''))
		.filter(Boolean);
}

/**
 * {kind, lines: [{code, shape, modifiers, units, minutes}], words, date, range}
 * kind: empty | words | range, or what viewOf() says
 * `words`: what was not understood.
 */
export function understand(text) {
	const lines = [];
	const words = [];
	const numbers = []; /* bare numbers behind codes: modifiers or minutes */
	let date = null, before = null;
	const all = tokens(text);
	const range = /^\s*([0-9A-Z]{5})\s*(?:-|\.\.|to)\s*([0-9A-Z]{5})\s*$/i.exec(text.replace(/[‐-―−]/g, '-'));

	if (range && shape(range[1]) && shape(range[2]))
		return { kind: 'range', range: [range[1].toUpperCase(), range[2].toUpperCase()], lines, words, date };
	const last = () => lines.at(-1);
	const line = (code) => {
		const made = { code, shape: shape(code), modifiers: [], units: null, minutes: null };
		if (before !== null) made.minutes = before;
		before = null;
		lines.push(made);
		return made;
	};
	const minutes = (value) => {
		if (last() && last().minutes === null && isProcedure(last())) last().minutes = value;
		else before = value;
	};

	const number = (one, value) => {
		numbers.push({ line: one, value });
		one.modifiers.push(value); /* where it was said; taken back if it is minutes */
	};

	for (let i = 0; i < all.length; i++) {
		const token = all[i].toUpperCase();
		const next = (all[i + 1] ?? '').toUpperCase();
		let match;

		if (shape(token)) {
			line(token);
		} else if ((match = joined(token))) {
			const made = line(match.code);
			for (const part of match.parts) {
				const timed = MINUTES.exec(part);
				if (timed) made.minutes = Number(timed[1]);
				else if (match.sign === '=' && /^\d{1,4}$/.test(part)) made.minutes = Number(part);
				else if (match.sign === '-' && /^\d\d$/.test(part)) made.modifiers.push(part);
				else if (/^\d{1,4}$/.test(part)) number(made, part);
				else if (MODIFIER.test(part)) made.modifiers.push(part);
				else words.push(part);
			}
		} else if ((match = DATE.exec(token)) && iso(match)) {
			date = iso(match);
		} else if ((match = MINUTES.exec(token))) {
			minutes(Number(match[1]));
		} else if (/^\d{1,4}$/.test(token) && MINUTE_WORD.test(next)) {
			minutes(Number(token));
			i++;
		} else if ((match = UNITS.exec(token)) && last()) {
			last().units = Number(match[1] ?? match[2] ?? match[3]);
		} else if (/^\d{1,3}$/.test(token) && UNIT_WORD.test(next) && last()) {
			last().units = Number(token);
			i++;
		} else if (/^[X×*]$/.test(token) && /^\d{1,3}$/.test(next) && last()) {
			last().units = Number(next);
			i++;
		} else if (/^\d{1,4}$/.test(token) && last() && isProcedure(last())) {
			number(last(), token);
		} else if (MODIFIER.test(token) && last() && isProcedure(last()) &&
							 last().modifiers.length < 4 && !FILLER.has(token)) {
			last().modifiers.push(token);
		} else if (MINUTE_WORD.test(token) || UNIT_WORD.test(token) || FILLER.has(token) || /^[-–&+/=]+$/.test(token)) {
			/* said around codes, and means nothing more */
		} else {
			words.push(all[i]);
		}
	}
	const asModifiers = numbers.every(({ value }) => NUMERIC.has(value)) &&
		lines.every((one) => one.minutes === null);
	for (const { line: one, value } of asModifiers ? [] : numbers) {
		one.modifiers.splice(one.modifiers.indexOf(value), 1);
		if (one.minutes === null) one.minutes = Number(value);
		else words.push(value);
	}
	for (const one of lines) one.modifiers = [...new Set(one.modifiers)].slice(0, 4);
	return { kind: kindOf(lines, words, text), lines, words, date };
}

function kindOf(lines, words, text) {
	if (text.trim() === '') return 'empty';
	if (lines.length === 0) return 'words';
	/* "vitamin b12", "97110 telehealth": one code among words is a search. */
	if (words.length > 0 && (lines.length === 1 || !lines.some(isProcedure)) && !/[\n\t]/.test(text)) return 'words';
	return viewOf(lines);
}

/** What answers lines: their minutes, diagnoses and number tell. */
export function viewOf(lines) {
	const procedures = lines.filter(isProcedure);

	if (procedures.some((line) => line.minutes !== null)) return 'units';
	if (lines.length === 1) return 'code';
	if (procedures.length === 0) return 'codes';
	return procedures.length < lines.length ? 'necessity' : 'pairs';
}

/* ---- a set of lines in an address */

/** "97110:24:59+GP": a line in an address, its modifiers last. */
export const told = ({ code, modifiers }, ...more) => [code, ...more, modifiers.join('+')].filter((part) => part !== '').join(':');

/** {lines, dx} -> parameters: codes=97110:59+GP,97140 minutes=97110:24 … */
export function setParams({ lines, dx }) {
	const params = {
		codes: lines.map((line) => told(line)).join(),
		icd10: dx.join(),
	};
	/* A line without, "97110:", stands only before another of the same code. */
	const having = (name) => lines.filter((line, i) => lines.slice(i).some((one) => one.code === line.code && one[name] !== null));
	params.minutes = having('minutes').map((line) => told(line, line.minutes)).join();
	params.units = having('units').map((line) => `${line.code}:${line.units ?? ''}`).join(',');
	/* By line: "1+2,,1". */
	if (lines.some((line) => line.pointers?.length > 0))
		params.pointers = lines.map((line) => (line.pointers ?? []).join('+')).join(',');
	return params;
}

const split = (text) => (text ?? '').split(',').map((part) => part.trim()).filter(Boolean);
const upper = (text) => (text ?? '').trim().toUpperCase();
const list = (text) => [...new Set(upper(text).split(/[+\s]+/).filter(Boolean))].slice(0, 4);

/** The other way round; takes what /v1/pairs and /v1/units take. */
export function readSet(params) {
	const lines = split(params.codes ?? params.code).map((part) => {
		const [code, ...modifiers] = part.split(':');
		return { code: upper(code), modifiers: list(modifiers.join('+')), units: null, minutes: null };
	});

	/* The first line of a code that no part before has spoken of. */
	const taken = { minutes: new Set(), units: new Set() };
	const first = (code, name) => {
		const line = lines.find((one) => one.code === code && !taken[name].has(one));
		taken[name].add(line);
		return line;
	};
	for (const part of split(params.modifiers)) {
		const [code, modifiers] = part.split(':');
		for (const line of lines)
			if (line.code === upper(code)) line.modifiers = list([...line.modifiers, modifiers].join('+'));
	}
	for (const part of split(params.minutes)) {
		const [code, minutes, modifiers] = part.split(':');
		let line = first(upper(code), 'minutes');
		if (!line) {
			lines.push(line = { code: upper(code), modifiers: list(modifiers), units: null, minutes: null });
			taken.minutes.add(line);
		}
		line.minutes = /^\d+$/.test(minutes ?? '') ? Number(minutes) : null;
	}
	for (const part of split(params.units)) {
		const [code, units] = part.split(':');
		const line = first(upper(code), 'units');
		if (line && /^\d+$/.test(units ?? '')) line.units = Number(units);
	}
	(params.pointers ?? '').split(',').forEach((part, i) => {
		if (lines[i]) lines[i].pointers = part.split('+').map(Number).filter((n) => n >= 1 && n <= 12).slice(0, 4);
	});
	return { lines, dx: split(params.icd10).map(upper) };
}

/** The text of a set, as a person would type it. */
export function spell({ lines, dx }) {
	return [...lines.map((line) => [
		[line.code, ...line.modifiers].join('-'),
		line.units !== null ? ` x${line.units}` : '',
		line.minutes !== null ? ` ${line.minutes} min` : ''].join('')), ...dx].join(', ');
}
