/** What no run of this tier can reach, and why. Anything else that is not reached fails a whole run. */
export const unreachable: Readonly<Record<string, string>> = {};
