/** Everything a page may not do, collected while it is driven. */
const expected = [];

/** `allow` names a console message that a check provokes on purpose. */
export function watchPage(page, origin) {
  const problems = [];
  const foreign = [];
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('blob:')) foreign.push(url);
  });
  return {
    foreign,
    /** Problems seen, without those a check provoked on purpose. */
    problems: () => problems.filter((text) => !expected.some((pattern) => pattern.test(text))),
    allow: (pattern) => expected.push(pattern),
  };
}
