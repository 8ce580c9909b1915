/** What the judge knows of a database that was set back. */
export class History {
  /** Epochs of the orders whose rows were lost: each had been committed before it was. */
  readonly lost = new Map<string, number>();
  /** How many orders the venue had accepted when each history of the database began. */
  readonly begins: number[] = [0];

  /** Answers the orders that have no row any more. */
  restored(
    before: ReadonlyMap<string, number>,
    after: ReadonlySet<string>,
    accepted: number,
  ): readonly string[] {
    const gone = [...before].filter(([id]) => !after.has(id));
    // A row that was made anew and is lost again says nothing about the commit.
    for (const [id, epoch] of gone) if (!this.lost.has(id)) this.lost.set(id, epoch);
    this.begins.push(accepted);
    return gone.map(([id]) => id);
  }
}
