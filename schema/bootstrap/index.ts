export { type BootstrapOptions, type Bootstrapped, bootstrapDatabase, bootstrapInside } from "./bootstrap";
export type { RolePasswords } from "./roles";
export { type ScheduleOptions, scheduleJobs } from "./schedules";
export { scramVerifier } from "./scram";
