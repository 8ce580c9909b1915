export const SETTINGS = Symbol('settings');
export const RUNTIME = Symbol('runtime');
