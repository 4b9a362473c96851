// My codes: pinned and annotated in the browser, taken out and in again.
import { assert, pageTest, reads } from './lib/page_test.mjs';
import { readDownload } from './lib/files.mjs';

pageTest('a code is pinned, annotated, exported, forgotten and imported',
    async ({ page, visit }) => {
        await visit('/code/97110');
        await page.getByRole('button', { name: /Pin/ }).click();
        await page.getByLabel('My note').fill('needs GP');
        await page.getByLabel('My note').press('Tab');
        await visit('/code/M54.50');
        await page.getByRole('button', { name: /Pin/ }).click();
        await visit('/search?q=97110-97112');
        await page.getByText('★ pinned: needs GP').waitFor();
        await visit('/');
        await page.locator('.pins', { hasText: 'needs GP' }).waitFor();

        await visit('/my');
        const file = await readDownload(page,
            () => page.getByRole('button', { name: 'Export' }).click());

        assert.deepEqual(JSON.parse(file).codes.map(({ code, note }) =>
            [code, note]), [['97110', 'needs GP'], ['M54.50', '']]);
        assert.match(await readDownload(page,
            () => page.getByRole('button', { name: 'CSV' }).click()),
        /97110,cpt,therapeutic exercise,needs GP/);

        await page.getByRole('button', { name: 'Unpin 97110' }).click();
        await page.getByRole('button', { name: 'Unpin M54.50' }).click();
        await page.getByText(/None yet/).waitFor();
        await page.locator('#import').setInputFiles({
            name: 'codes.json', mimeType: 'application/json',
            buffer: Buffer.from(file),
        });
        await page.locator('main').getByText('2 codes added').waitFor();
        await reads(page.getByLabel('Note on 97110'),
            'needs GP');
        await page.reload();
        await page.getByLabel('Note on 97110').waitFor();
    });

pageTest('a file that is none of ours is refused, with why',
    async ({ page, visit }) => {
        await visit('/my');
        for (const [text, answer] of [
            ['not JSON', /The file is not JSON/],
            ['{"a":1}', /has no list of codes/],
            ['{"codes":[{"code":7}]}', /None of the entries/],
        ]) {
            await page.locator('#import').setInputFiles({
                name: 'x.json', mimeType: 'application/json',
                buffer: Buffer.from(text),
            });
            await page.getByText(answer).first().waitFor();
        }
    });
