/** What a method that only hands on has not been given: the failed cell says so by a kind of its own. */
export class MissingPicture extends Error {
  override readonly name = 'MissingPicture';
}
