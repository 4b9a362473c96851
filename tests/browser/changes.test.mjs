// What changed: between two days, since the release before, and for one's own
// codes.
import { assert, gone, pageTest, reads } from './lib/page_test.mjs';
import { readDownload } from './lib/files.mjs';

// The first days of 2020, when NCCI dropped the edits of 97164 with 97110, and
// HCPCS Level II began G2061 to G2063.
const DAYS = '/changes?from=2019-12-31&to=2020-01-02';
const rows = (page) => page.locator('.changes .tablebox tbody tr');

pageTest('what began and ended between two days, with what to do',
    async ({ page, visit }) => {
        await visit(DAYS);
        const edit = rows(page).filter({ hasText: '97110 97164' });

        await edit.first().waitFor();
        assert.match(await edit.first().innerText(),
            /edit ends[\s\S]*Both may be billed[\s\S]*1 Jan 2020/);
        assert.match(await rows(page).filter({ hasText: 'G2061' }).innerText(),
            /added[\s\S]*1 Jan 2020/);
        await page.getByRole('searchbox', { name: 'Filter: Changes' })
            .fill('G2062');
        await page.getByText(/^1 of \d+ rows/).waitFor();
        await page.locator('[data-field=Change]').selectOption('edit_ends');
        await page.waitForURL(/kind=edit_ends/);
        await edit.first().waitFor();
        await gone(rows(page).filter({ hasText: 'G2061' }));
        await page.locator('[data-field=codes]').fill('97113');
        await page.locator('[data-field=codes]').press('Enter');
        await page.waitForURL(/codes=97113/);
        await rows(page).filter({ hasText: '97530 97113' }).first().waitFor();
        await gone(edit);
        await page.goBack();
        await edit.first().waitFor();
        await edit.first().getByRole('link').click();
        await page.waitForURL(/\/pairs\?codes=97110,97164/);
    });

pageTest('my codes are a list of what changed for them', async ({ page, visit }) => {
    await visit('/changes?mine=1');
    await page.getByText(/No code is pinned yet/).waitFor();
    for (const code of ['97164', '97035']) {
        await visit(`/code/${code}`);
        await page.getByRole('button', { name: /Pin/ }).click();
    }
    await visit('/my');
    await page.getByRole('link', { name: 'What changed for them' }).click();
    await page.getByRole('heading', { name: 'What changed for my codes' })
        .waitFor();
    await page.getByText('Nothing changed for these codes').waitFor();
    await visit(`${DAYS}&mine=1`);
    await rows(page).filter({ hasText: '97110 97164' }).first().waitFor();
    await gone(rows(page).filter({ hasText: 'G2061' }));
    const text = await readDownload(page,
        () => page.getByRole('button', { name: 'CSV' }).click());

    assert.match(text, /^\uFEFF?Code,Change,List,Field,Before,After,What,What to do,From,Release,File,Row\r\n/);
    assert.match(text, /\r\n97110 97164,edit ends,/);
});

// A4344 says "silicone or polyurethane" since October 2023; the release before
// that is stored is of 2020.
pageTest('each list beside its release before: summary, words, all of a list',
    { store: 'real' }, async ({ page, visit }) => {
        await visit('/changes');
        const summary = page.locator('.summary');
        const list = summary.getByRole('row', { name: /Unit limits.*Practitioner/ });

        await summary.getByRole('row', { name: /HCPCS Level II 2020q4 2026q1/ })
            .waitFor();
        await summary.getByText('no release before it is loaded').first()
            .waitFor();
        const row = rows(page).filter({ hasText: 'A4344' });

        assert.equal(await row.locator('ins').innerText(),
            'silicone or polyurethane,');
        assert.equal(await row.locator('del').innerText(), 'silicone,');
        const count = Number((await list.getByRole('cell').nth(2).innerText())
            .replace(',', ''));

        assert.ok(count > 200);
        await list.getByRole('link').click();
        await page.waitForURL(/table=mue/);
        await page.getByText(/rows, the first of more/).waitFor();
        // Of those a filter shows some: the rest is no less missing.
        await page.getByRole('searchbox', { name: 'Filter: Changes' })
            .fill('0033U');
        await page.getByText(/^\d+ of \d+ rows, the first of more/).waitFor();
        await page.getByRole('searchbox', { name: 'Filter: Changes' }).fill('');
        const text = await readDownload(page,
            () => page.getByRole('button', { name: 'CSV' }).click());

        assert.equal(text.trim().split('\r\n').length, count + 1);
        await page.getByText(`${count.toLocaleString('en-US')} rows`).waitFor();
        await page.getByRole('button', { name: 'Load more' })
            .waitFor({ state: 'detached' });
    });

// window.print(), which opens a dialog that no test can close, tells what would
// stand on the paper.
const printed = async (page, act) => {
    await page.evaluate(() => {
        globalThis.print = () => {
            dispatchEvent(new Event('beforeprint'));
            globalThis.printed = {
                rows: document.querySelectorAll('.changes .tablebox tbody tr').length,
                says: document.querySelector('.changes .tablebox .count').textContent,
            };
            dispatchEvent(new Event('afterprint'));
        };
    });
    await act();
    return (await page.waitForFunction(() => globalThis.printed)).jsonValue();
};

pageTest('paper has all rows, by the button and by the keys, or says how many',
    { store: 'real' }, async ({ page, visit }) => {
        await visit('/changes?table=mue');
        const total = Number(/^[\d,]+/.exec(await page.locator(
            '.changes > details > summary').textContent())[0].replace(',', ''));
        const list = await page.locator('.summary tr', { hasText: 'Unit limits' })
            .locator('td.number').allTextContents();
        const rows = list.reduce((sum, text) =>
            sum + Number(text.replace(',', '')), 0);

        assert.ok(rows > 200 && rows < 5000 && total > 5000, `${rows}, ${total}`);
        const paper = await printed(page,
            () => page.getByRole('button', { name: 'Print' }).click());

        assert.deepEqual(paper, { rows,
            says: `${rows.toLocaleString('en-US')} rows` });
        await visit('/changes');
        assert.deepEqual(await printed(page, () => page.keyboard.press('Control+p')),
            { rows: 5000, says: '5,000 rows, the first of more' });
        // The browser's own menu waits for nothing: paper has what is loaded.
        await visit('/changes');
        await page.getByRole('button', { name: 'Load more' }).waitFor();
        const first = await printed(page, () => page.evaluate(() => print()));

        assert.ok(first.rows >= 200 && first.rows < 1000, `${first.rows}`);
        assert.equal(first.says, `${first.rows} rows, the first of more`);
    });

pageTest('without script too, page by page',
    { store: 'real', javaScriptEnabled: false }, async ({ page, visit }) => {
        await visit('/changes');
        assert.match(await page.locator('main tr', { hasText: 'A4344' }).first()
            .innerText(), /check that it still says what was done/);
        await page.locator('main a[rel=next]').click();
        await page.waitForURL(/cursor=/);
        assert.ok(await page.locator('main tbody tr').count() > 100);
        await visit('/changes');
        await page.getByRole('link', { name: /MUE.*practitioner/ }).click();
        await page.waitForURL(/changes\?table=mue/);
        await page.locator('main tr', { hasText: '0033U' }).first().waitFor();
        await visit('/changes?from=2024-06-30&to=2024-07-02&codes=97110%2C%20M54.5');
        await reads(page.locator('#codes'), '97110, M54.5');
    });
