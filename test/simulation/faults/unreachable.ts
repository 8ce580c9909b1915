/** Rows of the fault matrix that nothing can reach in this tier, and why. A row that becomes reachable leaves here. */
export const unreachableRows: Readonly<Record<string, string>> = {
  O12: 'no order is ever amended: the connector only places and cancels, and a quote is replaced by cancel and create',
  O13: 'no request carries several orders: each create and each cancel is a request of its own, with its own outcome',
};
