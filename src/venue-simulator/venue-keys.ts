/** The keys each dialect knows, by account. */
type KeyRing = Map<string, unknown>;

/** Takes a key from its owner and gives it back, at every dialect at once. */
export class VenueKeys {
  private readonly taken = new Map<string, readonly (readonly [KeyRing, unknown])[]>();

  constructor(private readonly rings: readonly KeyRing[]) {}

  /** False for a key that no dialect knows. */
  revoke(account: string): boolean {
    const held = this.rings.flatMap((ring) =>
      ring.has(account) ? [[ring, ring.get(account)] as const] : [],
    );
    if (held.length === 0) return false;
    for (const [ring] of held) ring.delete(account);
    this.taken.set(account, held);
    return true;
  }

  /** False for a key that was not revoked. */
  restore(account: string): boolean {
    for (const [ring, value] of this.taken.get(account) ?? []) ring.set(account, value);
    return this.taken.delete(account);
  }
}
