/** 1 USD = 2,000,000 credits; every recorded pair agrees. */
export const creditsPerUsd = 2_000_000;

export interface Account {
  /** What is left after all charges; holds are not taken off. */
  readonly balanceUsd: number;
  readonly heldUsd: number;
  /** Sets money aside for a generation; false when there is not enough. */
  hold(credits: number): boolean;
  /** Turns a hold into a charge. */
  charge(credits: number): void;
  /** Gives a hold back. */
  release(credits: number): void;
  setBalanceUsd(usd: number): void;
}

/** The sandbox's play money: held at create, charged on success, given back on failure. Whole credits, so sums are exact. */
export function createAccount(startingBalanceUsd: number): Account {
  let balanceCredits = toCredits(startingBalanceUsd);
  let heldCredits = 0;
  return {
    get balanceUsd() {
      return balanceCredits / creditsPerUsd;
    },
    get heldUsd() {
      return heldCredits / creditsPerUsd;
    },
    hold(credits) {
      if (heldCredits + credits > balanceCredits) return false;
      heldCredits += credits;
      return true;
    },
    charge(credits) {
      heldCredits -= credits;
      balanceCredits -= credits;
    },
    release(credits) {
      heldCredits -= credits;
    },
    setBalanceUsd(usd) {
      balanceCredits = toCredits(usd);
    },
  };
}

function toCredits(usd: number): number {
  return Math.round(usd * creditsPerUsd);
}
