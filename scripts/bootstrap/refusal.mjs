/** The bootstrap cannot go on, and its message tells a person why and what to do: no stack trace belongs to it. */
export class Refusal extends Error {
  /** @param {string} message */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'Refusal';
    this.exitCode = exitCode;
  }
}
