import type { VenueRules } from '../venue-rules';
import type { SeenRequest, WireAnswer } from '../wire';
import type { Findings } from './findings';

type Row = Readonly<Record<string, unknown>>;

/** What each of the three dialects takes as a client order id. */
const idPatterns = [/^[A-Za-z0-9_:./-]{1,36}$/, /^[A-Za-z0-9]{1,32}$/, /^[0-9A-Za-z_.-]{1,28}$/];
const filterCodes: ReadonlySet<unknown> = new Set([-1013, -1111]);
/** From the first refusal that shows that the rules have changed to when they must have been read again. */
const readAgainMs = 5_000;
/** How old rules may become although nothing is refused. */
const freshForMs = 30 * 60_000;

interface Known {
  /** Metadata as it was delivered last, and when. */
  readonly info: Row;
  readonly at: number;
  /** By symbol, whether it shows the rules, and of which version: they are compared once for each. */
  readonly shown: Map<string, { readonly version: number; readonly isShown: boolean }>;
}

/** I11 and I12: whether a create obeys the rules that its engine could know. */
export class RulesJudge {
  private readonly known = new Map<string, Known>();
  private readonly refusedAt = new Map<string, number>();
  /** What left under rules that its engine could not know. */
  private readonly excused = new Set<string>();
  private readonly versions = new Map<string, number>();

  constructor(
    private readonly rules: VenueRules,
    private readonly findings: Findings,
    private readonly now: () => number,
    /** The markets of this seed let few orders of an account rest. */
    private readonly isNarrow: boolean,
  ) {}

  left({ host, params, clientOrderId: id }: SeenRequest): void {
    const symbol = params.get('symbol') ?? '';
    const isSafe = id.length === 22 && idPatterns.every((pattern) => pattern.test(id));
    this.findings.check('I12', isSafe, () => `${id} is no id that every venue takes`, id);
    this.versions.set(id, this.rules.version);
    if (!this.isFresh(host, symbol)) return void this.excused.add(id);
    const refusal = this.rules.refusal(params);
    const isLegal = refusal?.code !== -1013;
    this.findings.check('I11', isLegal, () => `${id} left against ${refusal?.msg}`, id);
  }

  answered(request: SeenRequest, answer: WireAnswer | undefined): void {
    const { host, clientOrderId: id } = request;
    const body = (answer?.body ?? {}) as Row;
    if (request.kind === 'rules' && answer?.status === 200) {
      for (const key of this.refusedAt.keys()) if (key.startsWith(`${host} `)) this.refusedAt.delete(key);
      this.known.set(host, { info: body, at: this.now(), shown: new Map() });
    }
    if (request.kind !== 'create' || !filterCodes.has(body['code'])) return;
    const key = `${host} ${request.params.get('symbol')}`;
    // One that left before the rules were read says nothing of what they became since.
    const isNews = request.askedAt > (this.known.get(host)?.at ?? -1);
    if (isNews && !this.refusedAt.has(key)) this.refusedAt.set(key, this.now());
    const says = (): string => `${id} refused: ${String(body['msg'])}`;
    const isOvertaken = this.versions.get(id) !== this.rules.version;
    // Where few may rest, an order that others have put on the account takes the place of one of ours.
    const isCrowded = this.isNarrow && String(body['msg']).includes('MAX_NUM_ORDERS');
    this.findings.check('I11', isOvertaken || isCrowded || this.excused.has(id), says, id);
  }

  /** False while the engine cannot know the rules of the moment: they changed, and nothing has told it yet. */
  private isFresh(host: string, symbol: string): boolean {
    if (this.rules.isHiding(symbol)) return false;
    const known = this.known.get(host);
    if (known && this.isShown(known, symbol)) return true;
    const since = this.refusedAt.get(`${host} ${symbol}`) ?? Infinity;
    const isTold = this.now() - since > readAgainMs;
    return isTold || (known !== undefined && this.now() - known.at > freshForMs);
  }

  private isShown({ info, shown }: Known, symbol: string): boolean {
    const { version } = this.rules;
    const last = shown.get(symbol);
    if (last?.version === version) return last.isShown;
    const isShown = this.rules.shows(info, symbol);
    shown.set(symbol, { version, isShown });
    return isShown;
  }
}
