/* ask.js - questions to the server under /v1, with a small memory, and what is
 * known of the connection. */

const MEMORY = 80; /* answers kept */
const PATIENCE = 15000; /* ms until an answer is given up */
const TRIES = 4; /* of a question that the server puts off */
const PAUSE_MAX = 60; /* seconds that it may put one off */
const KEY = 'coderef.key';

/** What went wrong, in words for a person. `kind`: missing or refused are answers
 * to the question; lost, key (one is asked for) and busy are none. */
export class Problem extends Error {
	constructor(kind, title, detail) {
		super(detail);
		Object.assign(this, { kind, title });
	}
}

const answers = new Map();
const listeners = new Set();
let connected = true;

/** Calls back with true or false whenever the connection comes or goes; with
 * true and seconds when the server asks for a pause. */
export const onConnection = (callback) => listeners.add(callback);
export const isConnected = () => connected;
export const forget = () => answers.clear();

function connection(now) {
	if (now === connected) return;
	connected = now;
	for (const callback of listeners) callback(now);
}

function address(path, params) {
	const query = new URLSearchParams();
	for (const [key, value] of Object.entries(params ?? {}))
		if (value != null && value !== '') query.set(key, value);
	const text = query.toString();
	return text === '' ? path : `${path}?${text}`;
}

/** Says that the connection is gone; what to throw. */
export function lost(why = 'The connection to the server is broken, or the server is not running.') {
	connection(false);
	return new Problem('lost', 'No answer from the server', why);
}

/* ---- the key, where the server asks for one: kept until the tab is closed */

let key = '';
try { key = sessionStorage.getItem(KEY) ?? ''; } catch { /* not kept */ }
export function useKey(text) {
	key = text;
	try { sessionStorage.setItem(KEY, text); } catch { /* holds for this page only */ }
	forget();
}

/* ---- a pause, where the server asks for one */

let pausedUntil = 0;
async function pause(signal) {
	while (Date.now() < pausedUntil) {
		await new Promise((done) => { setTimeout(done, Math.min(pausedUntil - Date.now(), 200)); });
		signal?.throwIfAborted();
	}
}

async function send(url, signal, body, tries = TRIES) {
	if (Date.now() < pausedUntil) await pause(signal);
	const limit = AbortSignal.timeout(PATIENCE);
	let response, answer;
	try {
		/* 'no-cache' asks whether the answer still holds: a build may be swapped. */
		response = await fetch(url, {
			headers: { Accept: 'application/json', ...key && { Authorization: `Bearer ${key}` }, ...body && { 'Content-Type': 'application/json' } },
			cache: 'no-cache', method: body ? 'POST' : 'GET', body,
			signal: signal ? AbortSignal.any([signal, limit]) : limit,
		});
		answer = await response.json().catch((error) => {
			if (response.ok) throw error;
			return null;
		});
	} catch (error) {
		if (signal?.aborted) throw error;
		throw lost(limit.aborted ? 'The server did not answer in time.' : undefined);
	}
	connection(true);
	if (response.ok) {
		if (pausedUntil > 0) for (const callback of listeners) callback(true);
		pausedUntil = 0;
		return answer;
	}
	const { status } = response;
	if (status === 429 && tries > 1) {
		const seconds = Math.min(Number(response.headers.get('Retry-After')) || 1, PAUSE_MAX);
		pausedUntil = Date.now() + seconds * 1000;
		for (const callback of listeners) callback(true, seconds);
		return send(url, signal, body, tries - 1);
	}
	throw new Problem({ 401: 'key', 404: 'missing', 429: 'busy' }[status] ?? 'refused',
		answer?.title ?? 'Refused', answer?.detail ?? `The server answered with status ${status}.`);
}

/** Asks, or remembers. Throws Problem, or AbortError when signal is aborted. */
export async function ask(path, params, signal) {
	const url = address(path, params);
	let known = answers.get(url);

	if (known === undefined) {
		known = await send(url, signal);
		if (answers.size >= MEMORY) answers.delete(answers.keys().next().value);
	} else {
		answers.delete(url); /* to the end: the oldest goes first */
	}
	answers.set(url, known);
	return known;
}

/** What is known of one code, or its edits. */
export const askCode = (code, params, signal, part = '') => ask(`/v1/codes/${encodeURIComponent(code)}${part}`, params, signal);

/** The same, never out of memory. */
export const askAfresh = (path, params, signal) => send(address(path, params), signal);
/** The same, of a body. */
export const tell = (path, params, body, signal) => send(address(path, params), signal, JSON.stringify(body));

/** Is it an answer of its own: that there is no such thing, or why not? */
export const isAnswer = (problem) => problem instanceof Problem && (problem.kind === 'refused' || problem.kind === 'missing');
