/* mine.js - "my codes": pinned and annotated codes, in this browser's own
 * storage and nowhere else. */

const KEY = 'coderef.codes';
const MOST = 2000; /* codes kept */
const NOTE_MAX = 2000; /* characters of a note */
const listeners = new Set();
let codes = load();

function text(value, most) {
	return typeof value === 'string' ? value.slice(0, most) : '';
}

/* Another tab may have written what is none of ours: only what fits is kept. */
function clean(list) {
	const kept = new Map();
	for (const one of Array.isArray(list) ? list : []) {
		if (typeof one?.code !== 'string' || !/^[0-9A-Za-z.<>=/ _-]{1,40}$/.test(one.code)) continue;
		kept.set(`${one.code} ${one.system ?? ''}`, {
			code: one.code,
			system: text(one.system, 20), text: text(one.text, 400), note: text(one.note, NOTE_MAX),
		});
		if (kept.size === MOST) break;
	}
	return [...kept.values()];
}

function load() {
	try {
		return clean(JSON.parse(localStorage.getItem(KEY) ?? '{}').codes);
	} catch {
		return [];
	}
}

const tell = () => { for (const callback of listeners) callback(); };

/** False when the browser refuses to keep it (private window, full). */
function save() {
	let kept = true;
	try {
		localStorage.setItem(KEY, JSON.stringify({ version: 1, codes }));
	} catch {
		kept = false;
	}
	tell();
	return kept;
}

const same = (one, code, system) => one.code === code && (one.system || '') === (system || '');

export const onMine = (callback) => { listeners.add(callback); return () => listeners.delete(callback); };
export const mine = () => codes;
export const pinned = (code, system) => codes.find((one) => same(one, code, system));

export function pin({ code, system, text }) {
	if (!pinned(code, system)) codes = clean([...codes, { code, system, text, note: '' }]);
	return save();
}
export function unpin(code, system) {
	codes = codes.filter((one) => !same(one, code, system));
	return save();
}
export function annotate(code, system, note) {
	codes = codes.map((one) => same(one, code, system) ? { ...one, note: note.slice(0, NOTE_MAX) } : one);
	return save();
}

export const exported = () => JSON.stringify({ what: 'coderef codes', version: 1, codes }, null, 2) + '\n';

/** Adds the codes of a file to those there; {added, changed}, or throws an
 * Error that says what is wrong with the file. */
export function imported(text) {
	let file;
	try {
		file = JSON.parse(text);
	} catch {
		throw new Error('The file is not JSON. Choose a file that this page exported.');
	}
	const list = Array.isArray(file) ? file : file?.codes;
	if (!Array.isArray(list)) throw new Error('The file has no list of codes. Choose a file that this page exported.');
	const fresh = clean(list);
	if (fresh.length === 0 && list.length > 0) throw new Error('None of the entries of the file is a code.');
	let added = 0, changed = 0;
	for (const one of fresh) {
		const old = pinned(one.code, one.system);
		if (!old) added++;
		else if (old.note !== one.note) changed++;
		codes = old ? codes.map((kept) => kept === old ? { ...one, note: one.note || old.note } : kept) : [...codes, one];
	}
	codes = clean(codes);
	save();
	return { added, changed, refused: list.length - fresh.length };
}

window.addEventListener('storage', (event) => {
	if (event.key !== KEY) return;
	codes = load();
	tell();
});
