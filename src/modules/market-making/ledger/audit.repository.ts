import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Who asked for what, and what came of it. */
export interface AuditEntry {
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly detail: { readonly body: unknown; readonly outcome: string };
}

/** Appends to the audit log; the database refuses every change of it. */
@Injectable()
export class AuditRepository {
  constructor(private readonly database: DataSource) {}

  async append({ actor, action, target, detail }: AuditEntry): Promise<void> {
    await this.database.query(
      'insert into audit_log (actor, action, target, detail) values ($1, $2, $3, $4)',
      [actor, action, target, JSON.stringify(detail)],
    );
  }
}
