/** Marks a handler whose calls are kept in the audit log, under the name of the command. */
export const auditedCommand = 'auditedCommand';
