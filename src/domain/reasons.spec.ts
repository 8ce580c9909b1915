import { renderReason, reasonTexts } from './reasons';

describe('reason texts', () => {
  it.each(Object.entries(reasonTexts))('%s says what is and what to do, in sentences', (_, { text, fix }) => {
    expect(text).toMatch(/^[A-Z{].*\.$/);
    expect(fix).toMatch(/^[A-Z].*\.$/);
  });

  it('fills in the figures', () => {
    const params = { have: '1', need: '3', missing: '2' };
    expect(renderReason({ code: 'INSUFFICIENT_BASE', params })).toEqual({
      text: 'Free base 1 is less than the 3 this order holds.',
      fix: 'Add 2 to the allocation, or make the orders smaller.',
    });
  });

  it('shows a question mark for a figure that is missing, and takes no pattern from a value', () => {
    expect(renderReason({ code: 'CLOCK_SKEW', params: {} }).text).toContain('last ? ms ahead');
    expect(renderReason({ code: 'BOOK_GAP_RESYNC', params: { problem: '$& {code}' } }).text).toContain(
      '$& {code}',
    );
  });
});
