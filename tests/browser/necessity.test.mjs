// Medical necessity, where the server answers it; plainly told where not.
import { assert, pageTest, reads } from './lib/page_test.mjs';

pageTest('a server that answers no such question says so', { allow: /404/ },
    async ({ page, visit }) => {
        await page.route('**/v1/necessity?*', (route) => route.fulfill({
            status: 404, contentType: 'application/problem+json',
            body: JSON.stringify({ status: 404, reason: 'no_such_path',
                title: 'Not Found',
                detail: 'This server does not answer /v1/necessity.' }),
        }));
        await visit('/necessity?codes=97110&icd10=M54.50');
        await page.getByRole('alert').filter({
            hasText: 'does not answer /v1/necessity' }).waitFor();
    });

pageTest('state and kind of claim choose the contractor',
    { store: 'coverage' }, async ({ page, visit }) => {
        await visit('/necessity?code=G0283&icd10=M25.511&date=2024-08-01');
        await page.locator('.couple h2').waitFor();
        await page.getByLabel('State').selectOption('KY');
        await page.locator('.couple h2', { hasText: 'Not supported' }).waitFor();
        await page.waitForURL(/state=KY/);
        await reads(page.getByLabel('Claim'), 'b');
        await Promise.all([
            page.waitForRequest(/\/v1\/necessity\?.*state=KY&kind=dme/),
            page.getByLabel('Claim').selectOption('dme')]);
        await page.waitForURL(/kind=dme/);
        // Another setting usually bills another kind.
        await visit('/necessity?code=G0283&icd10=M25.511&date=2024-08-01' +
            '&setting=outpatient');
        await page.locator('.couple h2').waitFor();
        await reads(page.getByLabel('Claim'), 'a');
    });

// Article A56566 has E84.0 in its list of diagnoses that do not support; the
// loaded tables do not tell which procedures that list is of.
pageTest('an article that lists the diagnosis is named, with how sure the tie is',
    { store: 'real' }, async ({ page, visit }) => {
        await visit('/necessity?code=97035&icd10=E84.0&date=2026-08-10');
        const vote = page.locator('.vote', { hasText: 'A56566' });

        await vote.waitFor();
        assert.match(await vote.innerText(), /somewhere in the article\s+weak/);
        assert.match(await page.locator('.couple h2').innerText(), /Not known/);
        await page.getByText(/name the procedure, without a list/).click();
        await page.locator('.vote', { hasText: 'A53057' }).waitFor();
    });

pageTest('the lists of a procedure are whole, and filtered', { store: 'real' },
    async ({ page, visit }) => {
        await visit('/necessity?code=97035&date=2026-08-10');
        // 1,300 codes of A56566 and 773 of A57067.
        await page.getByText('2,073 rows', { exact: true }).waitFor();
        await page.getByRole('searchbox').last().fill('cystic A57067');
        await page.getByText(/^\d+ of 2,073 rows/).waitFor();
        for (const row of await page.locator('.edits tbody tr').allInnerTexts()) {
            assert.match(row, /cystic[\s\S]*A57067/i);
        }
    });
