/** Every time and bound of the order truth, in one place. Milliseconds unless the name says otherwise. */
export const ackTimeoutMs = 3_000;
export const sendDeadlineMs = 500;
/** The venue refuses a create that reaches it later than this after signing. */
export const requestExpiryMs = 3_000;
export const maxClockSkewMs = 1_000;
/** Bound on processing after expiry, and on how far a query may lag behind the venue. */
export const venueProcessingBoundMs = 10_000;
export const createDeadlineMs = sendDeadlineMs + requestExpiryMs + maxClockSkewMs + venueProcessingBoundMs;
export const absenceRounds = 2;
export const absenceGapMs = 2_000;
/** How long an order waits for others of its instrument before lists are read for it. */
export const absenceShareMs = 5_000;
export const lostReads = 3;
export const lostGapMs = 2_000;
export const lostRequeryMs = 10_000;
/** The order of a trade exists: that it is not found is lag or denial, and counts for nothing for so long. */
export const deniedOwnerMs = 300_000;
export const cancelRepeatMs = 1_000;
export const inFlightCycleMs = 1_000;
export const maxQueriesPerCycle = 10;
export const queryBackoffMs: readonly number[] = [500, 1_000, 2_000, 4_000, 5_000];
export const openOrdersEveryMs = 10_000;
export const tradesEveryMs = 30_000;
export const tradeOverlapMs = 600_000;
export const balancesEveryMs = 30_000;
export const streamEchoMs = 5_000;
/** A private stream silent for so long after it became suspect is dialled anew, once. */
export const streamRestartMs = 30_000;
export const unbookedQueryMs: readonly number[] = [2_000, 4_000, 8_000, 16_000, 30_000];
export const unbookedPageMs = 30_000;
/** After the deadline of an order nobody has accounted for. */
export const unprovenPageMs = 60_000;
export const feeQueryMs: readonly number[] = [1_000, 5_000, 30_000, 120_000];
export const feePageMs = 600_000;
export const endedMemoryMs = 600_000;
export const endedMemoryMax = 10_000;
export const leaseTtlMs = 15_000;
export const leaseRenewMs = 5_000;
export const leaseStopCreateMs = 11_000;
/** Live orders given back with a lease are left to the next owner for so long; after it nobody wants them. */
export const handoverOfferMs = 60_000;
/** A statement without an answer for so long has an unknown outcome, and its connection is given up. */
export const storeTimeoutMs = 10_000;
export const databaseDownPullMs = 10_000;
export const loopLagMs = 250;
export const bookAgeMinMs = 500;
export const bookAgeMaxMs = 5_000;
export const stopTargetMs = 10_000;
/** What a dead owner signed may reach the venue this long after its lease: expiry and skew. */
export const drainMs = requestExpiryMs + maxClockSkewMs;
/** Behind the drain and a read lag, and longer by more than a stop may take: what a dead owner left has been listed. */
export const deathOverMs = 60_000;
export const haltPollMs = 1_000;
export const killTargetMs = 10_000;
/** Two empty reads of own orders further apart than this prove that nothing unknown was left. */
export const sweepGapMs = venueProcessingBoundMs;
/** Rules of a traded instrument are read anew this often, and this often while it does not trade. */
export const rulesRefreshMs = 1_800_000;
export const statusPollMs = 10_000;
/** A pair the venue has halted for so long is taken for one that does not come back. */
export const windDownAfterMs = 86_400_000;
/** An engine that works says so this often; a watchdog takes 15 s without a word for its death. */
export const progressEveryMs = 2_500;
export const progressLateMs = 1_000;
/** A venue that offers it cancels what is open when it has not heard of an engine for so long. */
export const deadManTimeoutMs = 30_000;
export const deadManRenewMs = 5_000;
/** OKX takes one request about its switch a second, and counts one more against every other question. */
export const deadManApartMs = 1_100;
/** How old the last answer of the database may be for a renewal, and how late a tick. */
export const deadManProgressMs = 5_000;
export const deadManLateMs = 1_000;
/** Not renewed for half its time: a person is told while there is time to look. */
export const deadManPageMs = deadManTimeoutMs / 2;
export const bootBreakerBoots = 3;
export const bootBreakerWindowMs = 600_000;
