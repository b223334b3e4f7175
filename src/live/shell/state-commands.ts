/** Files whose being there is a wish, in the order in which they are heard. */
export const COMMAND_FILES = ['resume', 'halt', 'flatten'] as const;
