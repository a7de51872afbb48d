/**
 * Errors meant for the person at the keyboard: their message is shown without a stack, and it tells the
 * cure.
 *
 * @module
 */

/**
 * What the user can put right: a bad value, a corrupt file, a wrong shape. A command ends with exit code 1.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
  /** The exit code of a command that ends with this error. */
  readonly exitCode: number = 1;
}

/** A wrong name, flag or argument: the command was not understood. A command ends with exit code 2. */
export class UsageError extends UserError {
  override readonly name: string = "UsageError";
  override readonly exitCode: number = 2;
}
