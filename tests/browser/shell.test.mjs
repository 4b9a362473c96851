// The page before it knows anything: what it may load, what it weighs, and that
// it stands without waiting for an answer.
import { assert, assertAccessible, assertNoSidewaysScroll, pageTest, PHONE, reads }
    from './lib/page_test.mjs';

// A page is what its address loads, without the answers it shows.
pageTest('every page loads its own few files and nothing else, 150 KB at most',
    async ({ page, url }) => {
        let loaded = [];

        page.on('response', (response) => loaded.push(response));
        // Of those that load more than the first does, the heaviest.
        for (const path of ['/', '/pairs?codes=97150,97110&date=2024-07-01',
            '/necessity?code=97110&icd10=M54.50', '/changes']) {
            loaded = [];
            // A page of its own: what the browser has kept weighs, too.
            await page.goto('about:blank');
            await page.goto(url(path), { waitUntil: 'networkidle' });
            let bytes = 0;

            for (const response of loaded) {
                assert.equal(response.status(), 200, response.url());
                assert.ok(response.url().startsWith(url('/')), response.url());
                if (!response.url().startsWith(url('/v1/'))) {
                    bytes += (await response.body()).length;
                }
            }
            assert.ok(bytes > 100_000 && bytes < 150_000,
                `${path}: ${bytes} bytes`);
        }
    });

pageTest('a second visit asks for nothing but the page again',
    async ({ page, visit }) => {
        // What comes out of the browser's own memory has no transfer size.
        const carried = () => page.evaluate(() =>
            performance.getEntriesByType('resource')
                .filter((entry) => entry.name.includes('/web/'))
                .map((entry) => entry.transferSize > 0));

        await visit('/');
        // Also the icon, which is asked for when the page is there.
        await page.waitForLoadState('networkidle');
        assert.ok((await carried()).includes(true));
        await page.goto('about:blank');
        await visit('/');
        await page.waitForLoadState('load');
        assert.ok((await carried()).length > 0);
        assert.ok(!(await carried()).includes(true));
    });

pageTest('the content policy lets no inline script run, nor HTML out of a text',
    { allow: /Content Security Policy|Trusted/i },
    async ({ page, visit }) => {
        await visit('/');
        const found = await page.evaluate(() => {
            const script = document.createElement('script');
            let refused = false;

            script.append('window.ran = true');
            try {
                document.body.append(script);
            } catch {
                refused = true;
            }
            try {
                document.body.innerHTML = '<p>text</p>';
            } catch {
                refused = true;
            }
            return { ran: globalThis.ran === true, refused };
        });

        assert.deepEqual(found, { ran: false, refused: true });
    });

pageTest('the page stands although no answer comes', { allow: /ERR_FAILED/ },
    async ({ page, url }) => {
        await page.route('**/v1/**', () => {}); // never answered
        await page.goto(url('/code/97110'));
        await page.locator('#q').waitFor();
        await reads(page.locator('#date'), '2024-09-30');
        await page.locator('main h1').waitFor();
    });

pageTest('every file missing, the page still asks and answers',
    { allow: /ERR_FAILED/ },
    async ({ page, url }) => {
        await page.route('**/web/**', (route) => route.abort());
        await page.goto(url('/code/97110'));
        await page.locator('main h1').waitFor();
    });

for (const colorScheme of ['light', 'dark']) {
    pageTest(`the first page is accessible and fits a phone: ${colorScheme}`,
        { colorScheme },
        async ({ page, visit }) => {
            await visit('/');
            await page.waitForLoadState('load');
            await assertAccessible(page);
            await page.setViewportSize(PHONE);
            await assertNoSidewaysScroll(page);
            await assertAccessible(page);
        });
}
