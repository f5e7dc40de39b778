/** The availability objective (S0-35, C-06): 99.9 % of each 30 days, and how fast its budget may burn before somebody is told. */

export const OBJECTIVE_PERCENT = 99.9;
export const WINDOW_DAYS = 30;

/** Minutes of a window that may be lost: 43.2. */
export const budgetMinutes = (days = WINDOW_DAYS): number => round((1 - OBJECTIVE_PERCENT / 100) * days * 24 * 60);

/**
 * A rate at which the budget burns, over a window of hours. Factors and windows are those of the Site Reliability Workbook
 * (chapter 5, "Alerting on SLOs"): 2 % of the budget in an hour and 5 % in six are urgent, 10 % in three days is not.
 */
export interface Burn {
  readonly factor: number;
  readonly hours: number;
}

export const FAST_BURN: Burn = { factor: 14.4, hours: 1 };
export const STEADY_BURN: Burn = { factor: 6, hours: 6 };
export const SLOW_BURN: Burn = { factor: 1, hours: 72 };

/** Availability in percent below which the budget burns faster than that. */
export const floorOf = ({ factor }: Burn): number => round(100 - factor * (100 - OBJECTIVE_PERCENT));

/** Away with the last digits of binary fractions. */
const round = (value: number): number => Math.round(value * 1e6) / 1e6;
