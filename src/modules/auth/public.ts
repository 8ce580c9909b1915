/** Metadata key of handlers that need no login. */
export const publicRoute = 'publicRoute';
