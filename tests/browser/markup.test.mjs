// Markup in data stays text, in every state that shows it.
import { assert, pageTest } from './lib/page_test.mjs';

pageTest('a local code full of markup is shown as it is written',
    { store: 'hostile', allow: /40[04]/ }, async ({ page, visit, server }) => {
        const found = await (await fetch(
            `${server.origin}/v1/search?q=img&limit=50`)).json();
        const hostile = found.hits.filter((hit) => /[<>]/.test(hit.text ?? ''));

        assert.ok(hostile.length > 0, 'the store has no hostile text');
        await visit('/search?q=img');
        await page.locator('.hit').first().waitFor();
        for (const { code, text } of hostile) {
            assert.ok((await page.locator('.hit .text').allTextContents())
                .includes(text), text);
            await visit(`/code/${encodeURIComponent(code)}`);
            await page.locator('h1 .text').waitFor();
            assert.equal(await page.locator('h1 .text').textContent(), text);
            await page.getByRole('button', { name: /Pin/ }).click();
            await visit('/my');
            await page.locator('.pins .text', { hasText: text }).first().waitFor();
            await visit('/search?q=img');
            await page.locator('.hit').first().waitFor();
        }
        await visit('/pairs?codes=97110,%3Cimg%20src=x%20onerror=alert(1)%3E');
        await page.locator('main h1').waitFor();
        // What an address says is no more trusted than what a file says.
        for (const path of ['/claim?codes=EVIL1,%3Cimg%20src=x%3E' +
                '&icd10=%3Cb%3E&state=%3Cb%3E&payer=medicare',
            '/changes?codes=%3Cimg%20src=x%3E&table=%3Cb%3E',
            '/changes?codes=EVIL1', '/units?minutes=%3Cimg%20src=x%3E:5',
            '/necessity?code=EVIL1&icd10=%3Cimg%20src=x%3E&state=%3Cb%3E']) {
            await visit(path);
            await page.locator('main h1').waitFor();
            await page.waitForLoadState('networkidle');
            assert.equal(await page.locator('main img, main script, ' +
                'main b:empty').count(), 0, path);
        }
        await visit('/code/%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E');
        await page.locator('.problem').waitFor();
        assert.equal(await page.locator('main img, main script').count(), 0);
    });
