import { orders } from './scenarios/orders.ts';
import { playAll } from './scenarios/scenario.ts';

playAll(orders);
