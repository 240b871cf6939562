// Hears, in sentences, what is found, built and started.
export type Say = (sentence: string) => void;
