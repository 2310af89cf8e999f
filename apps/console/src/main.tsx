import './api/without-eval.ts';

import { createRoot } from 'react-dom/client';
import './look/tokens.css';
import './look/base.css';
import './parts/parts.css';
import { App } from './app.tsx';
import { applyTheme } from './look/theme.ts';

applyTheme();
const place = document.getElementById('console');
if (place !== null) createRoot(place).render(<App />);
