// Medical necessity, where the server answers it; plainly told where not.
import { assert, pageTest } from './lib/page_test.mjs';

pageTest('a server that answers no such question says so', { allow: /404/ },
    async ({ page, visit }) => {
        await page.route('**/v1/necessity?*', (route) => route.fulfill({
            status: 404, contentType: 'application/problem+json',
            body: JSON.stringify({ status: 404, reason: 'no_such_path',
                title: 'Not Found', detail: 'There is nothing here.' }),
        }));
        await visit('/necessity?codes=97110&icd10=M54.50');
        await page.getByRole('alert').filter({
            hasText: 'answers no questions on medical necessity' }).waitFor();
    });
