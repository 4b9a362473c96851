// A server that asks for a key, or for a pause: played in front of one, so that
// the page meets every answer there can be; and one that does so.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch, startServer, storeOf } from './lib/machine.mjs';
import { assert, assertAccessible, pageTest, settled } from './lib/page_test.mjs';

// What the line on the connection says is kept: a pause of a second may be over
// before one looks.
const listen = (page) => page.evaluate(() => {
    const status = document.querySelector('#status');

    globalThis.told = [];
    new MutationObserver(() => {
        globalThis.told.push(status.textContent);
    }).observe(status, { childList: true });
});
const wasTold = (page, pattern) => page.waitForFunction(
    (source) => globalThis.told.some((text) => new RegExp(source).test(text)),
    pattern.source);

const problem = (status, title, detail, headers = {}) => ({
    status, headers, contentType: 'application/problem+json',
    body: JSON.stringify({ status, title, detail }),
});

pageTest('a key is asked for, kept in the tab, and sent with every question',
    { allow: /401/ }, async ({ page, context, visit, url }) => {
        const keys = new Set();

        await context.route('**/v1/**', (route) => {
            const sent = route.request().headers().authorization;

            if (sent === 'Bearer open sesame') {
                keys.add(sent);
                return route.continue();
            }
            return route.fulfill(problem(401, 'Unauthorized',
                sent ? 'This key is not known.' : 'Send a key.'));
        });
        await visit('/code/97110');
        await page.getByRole('heading', { name: 'This server asks for a key' })
            .waitFor();
        await assertAccessible(page);
        await page.getByLabel('Key').fill('wrong');
        await page.getByRole('button', { name: 'Use it' }).click();
        await page.getByText('This key is not known.').first().waitFor();
        await page.getByLabel('Key').fill('open sesame');
        await page.getByLabel('Key').press('Enter');
        await page.locator('h1 .code', { hasText: '97110' }).waitFor();
        await page.reload();
        await page.locator('h1 .code', { hasText: '97110' })
            .waitFor();
        await page.locator('#q').fill('97110, 97150');
        await page.locator('.matrix').waitFor();
        assert.equal(keys.size, 1);
        // It is not kept beyond the tab, nor does another tab have it.
        assert.equal(await page.evaluate(() => JSON.stringify(localStorage)
            .includes('sesame')), false);
        const other = await context.newPage();

        await other.goto(url('/code/97110'));
        await other.getByRole('heading', { name: 'This server asks for a key' })
            .waitFor();
    });

pageTest('a pause that the server asks for is said, and kept',
    { allow: /429/ }, async ({ page, visit }) => {
        let refuse = 0;
        const asked = [];

        await page.route('**/v1/search?*', (route) => {
            asked.push(Date.now());
            return refuse-- > 0 ? route.fulfill(problem(429, 'Too Many Requests',
                'Slower, please.', { 'Retry-After': '1' })) : route.continue();
        });
        await visit('/');
        await page.locator('#q').pressSequentially('gai');
        await page.waitForURL(/q=gai&/);
        await settled(page);
        await listen(page);
        refuse = 1;
        asked.length = 0;
        await page.locator('#q').press('t');
        await wasTold(page, /asks again in 1 second/);
        // What is typed meanwhile waits with it.
        await page.locator('#q').pressSequentially(' tr');
        await page.waitForFunction(() => document.title ===
            'Search: gait tr · coderef');
        assert.ok(asked.at(-1) - asked[0] >= 1000);
        await page.waitForFunction(() =>
            document.querySelector('#status').textContent === '');
        // Asked too often for too long, it gives up and leaves it to the person.
        refuse = 4;
        await page.locator('#q').press('a');
        await page.getByText('Slower, please.').first().waitFor();
        await page.getByRole('button', { name: 'Ask again' }).click();
        await page.locator('.hit').first().waitFor();
    });

const SECRET = 'sesame-of-this-test';

async function keyed() {
    const file = join(scratch('keys'), 'keys');
    const hash = createHash('sha256').update(SECRET).digest('hex');

    writeFileSync(file, `desk ${hash} 0.5 4 public\n`, { mode: 0o600 });
    return startServer(await storeOf('starter'), '--keys', file);
}

// The browser itself asks for the key of a page, and sends it on.
pageTest('a server with keys: one asks for the page, and not too often',
    { server: keyed, allow: /429/,
        httpCredentials: { username: 'desk', password: SECRET } },
    async ({ page, visit, url }) => {
        const denied = await fetch(url('/v1/releases'));

        assert.equal(denied.status, 401);
        await visit('/search?q=therap');
        await page.locator('.hit').first().waitFor();
        // Four at once, then one in two seconds: it is asked until it refuses.
        await listen(page);
        let refused = false;

        page.on('response', (response) => {
            refused ||= response.status() === 429;
        });
        for (let i = 0; !refused; i++) {
            await page.locator('#q').fill(`gait ${'training'.slice(0, i % 9)}`);
            await page.waitForTimeout(20);
        }
        await wasTold(page, /asks again in \d+ second/);
        await page.locator('#q').fill('group');
        await page.waitForFunction(() => document.title ===
            'Search: group · coderef');
    });
