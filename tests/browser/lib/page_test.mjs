// page_test.mjs - one test: a page of its own in the shared browser, and what
// must be true of every page: nothing is thrown, nothing is refused by the
// content policy, nothing comes from elsewhere.
//
//     pageTest('a code shows its card', async ({ page, visit }) => {
//         await visit('/code/97110');
//         assert.equal(await page.locator('h1').innerText(), '97110');
//     });
//
// Options, before the body: store (one of machine.mjs; a test of
// 'real' is skipped where no releases are), and those of playwright's
// newContext() (viewport, colorScheme, javaScriptEnabled, reducedMotion, …).
// allow: a pattern for messages of the console that the test brings about.
// Wait for conditions, never for a time: a look right after an action sees the
// page before it. visit() and settled() wait until the script has drawn what the
// address asks for (without script, until the page is loaded whole); what comes
// later than that, such as the edits of a card, is waited for by its own sign,
// or by eventually().
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeSource, real, serverOf, theBrowser } from './machine.mjs';

export { assert };

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 400, height: 800 };
const PATIENCE = 30000; // milliseconds, for a busy machine

export function pageTest(name, ...rest) {
    const body = rest.pop();
    const { store = 'starter', allow = null, server: own = null, ...context } =
        rest[0] ?? {};
    const missing = store === 'real' && real === null
        ? 'no published releases in ../shared/cms' : false;

    test(name, { skip: missing, timeout: 6 * PATIENCE },
        () => withPage({ store, allow, own, context }, body));
}

async function withPage({ store, allow, own, context: options }, body) {
    const server = own !== null ? await own() : await serverOf(store);
    const browser = await theBrowser();
    const context = await browser.newContext({ viewport: DESKTOP, ...options });
    const page = await context.newPage();
    const complaints = [];
    const complain = (text) => {
        if (allow === null || !allow.test(text)) {
            complaints.push(text);
        }
    };

    context.setDefaultTimeout(PATIENCE);
    page.on('pageerror', (error) => complain(`thrown: ${error.message}`));
    page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) {
            complain(`console: ${message.text()}`);
        }
    });
    page.on('dialog', (dialog) => {
        complain(`dialog: ${dialog.message()}`);
        return dialog.dismiss();
    });
    page.on('request', (request) => {
        if (!/^(data|blob):/.test(request.url()) &&
            !request.url().startsWith('http://127.0.0.1:')) {
            complain(`asked elsewhere: ${request.url()}`);
        }
    });
    try {
        await body({
            page,
            context,
            server,
            url: (path) => server.origin + path,
            visit: async (path) => {
                await page.goto(server.origin + path);
                if (options.javaScriptEnabled !== false) {
                    await settled(page);
                }
            },
        });
        assert.deepEqual(complaints, []);
    } finally {
        await context.close();
        if (own !== null) {
            await server.stop();
        }
    }
}

// The script has begun, and waits for no answer to draw: an action that asks for
// something has made `main` busy before the next line of a test looks.
export const settled = (page) => page.locator('html.scripted main:not([aria-busy])')
    .waitFor({ state: 'attached' });

// Holds as soon as check() throws nothing; what it threw last when it never does.
export async function eventually(check) {
    const end = Date.now() + PATIENCE;

    for (;;) {
        try {
            return await check();
        } catch (error) {
            if (Date.now() > end) {
                throw error;
            }
        }
        await new Promise((done) => {
            setTimeout(done, 50);
        });
    }
}

// Nothing of what is meant is on the page any more.
export const gone = (locator) => eventually(async () =>
    assert.equal(await locator.count(), 0));

// A field has this value.
export const reads = (field, value) => eventually(async () =>
    assert.equal(await field.inputValue(), value));

// No rule of axe-core for WCAG 2.2 A and AA, nor its best practices, is broken;
// or none of those that are named.
export async function assertAccessible(page, rules = null) {
    await page.evaluate(axeSource);
    const broken = await page.evaluate(async (runOnly) => {
        const { violations } = await globalThis.axe.run(document, {
            resultTypes: ['violations'],
            ...runOnly && { runOnly },
        });

        return violations.map((rule) => `${rule.id}: ${rule.help}: ` +
            rule.nodes.map((node) => `${node.target} ${node.failureSummary}`)
                .join('; '));
    }, rules);

    assert.deepEqual(broken, []);
}

// Nothing has to be scrolled sideways to be read; tables may scroll by
// themselves.
export async function assertNoSidewaysScroll(page) {
    const { wide, window } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        window: document.documentElement.clientWidth,
    }));

    assert.ok(wide <= window, `the page is ${wide} px wide in ${window} px`);
}
