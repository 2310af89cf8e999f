import { config } from 'zod';

// The page's policy forbids code made from text, by which zod would try to be faster. It has to hear of it before any schema is made.
config({ jitless: true });
