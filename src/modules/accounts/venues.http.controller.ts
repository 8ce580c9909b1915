import { Controller, Get } from '@nestjs/common';
import { venueIds } from '../../domain/instrument';
import type { VenueId } from '../../domain/instrument';
import { ExecutionService } from '../execution/execution.service';
import { needsPassphrase } from './account-checks';

@Controller('api/v1/venues')
export class VenuesHttpController {
  constructor(private readonly execution: ExecutionService) {}

  /** Every venue an account can be added at, and what it offers; nothing is asked of any of them. */
  @Get()
  list(): object {
    return { data: venueIds.map((id) => this.view(id)), page: { nextCursor: null, hasMore: false } };
  }

  private view(id: VenueId): object {
    const { postOnly, amend, batch, cancelAllAfter, requestExpiry, bookIntegrity } =
      this.execution.capabilities(id);
    const capabilities = { postOnly, amend, batch, cancelAllAfter, requestExpiry, bookIntegrity };
    return { id, needsPassphrase: needsPassphrase(id), capabilities };
  }
}
