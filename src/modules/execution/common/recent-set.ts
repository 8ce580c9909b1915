/** The newest so many members of a set; what is older is forgotten. */
export class RecentSet {
  private readonly members = new Set<string>();

  constructor(private readonly most: number) {}

  has(member: string): boolean {
    return this.members.has(member);
  }

  add(member: string): void {
    this.members.add(member);
    const [oldest] = this.members;
    if (this.members.size > this.most) this.members.delete(oldest!);
  }

  delete(member: string): void {
    this.members.delete(member);
  }

  clear(): void {
    this.members.clear();
  }
}
